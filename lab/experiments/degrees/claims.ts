/** What is claimed about degrees of clustering, and how the rows tell. */
import { atLeast, atMost } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure } from '../framework/rows.ts';

const TORNADO = 'Gamsa et al., Tornado, OSDI 1999';
const NOTES = 'CS6210 notes: usage pattern determines the level of replication';
const MOST = 16;

const fault = (rows: readonly Row[], regions: string, form: string, harts: number): number =>
  figure(rows, 'perFault', { regions, form, harts });

/** How much longer a fault takes with one form than with another. */
const ratio =
  (regions: string, form: string, other: string, harts: number) =>
  (rows: readonly Row[]): number =>
    fault(rows, regions, form, harts) / fault(rows, regions, other, harts);

export const CLAIMS: readonly Claim[] = [
  {
    id: 'clustering-pays',
    text: 'Representatives pay where many harts use an object: time of a fault, all shared / as configured, 16 threads in one region.',
    source: TORNADO,
    paper: null,
    band: atLeast(1.5),
    measured: ratio('one', 'all shared', 'as configured', MOST),
  },
  {
    id: 'parts-pay',
    text: 'So does dividing the pages of one FCM by itself: one part / as configured, 16 threads in one region.',
    source: TORNADO,
    paper: null,
    band: atLeast(1.2),
    measured: ratio('one', 'fcm shared', 'as configured', MOST),
  },
  {
    id: 'process-pays',
    text: 'And the process, of which every fault is one: shared / one for each hart, 16 threads with regions of their own.',
    source: TORNADO,
    paper: null,
    band: atLeast(1.2),
    measured: ratio('own', 'process shared', 'as configured', MOST),
  },
  {
    id: 'costs-little-alone',
    text: 'They cost little where a single hart does: as configured / all shared, 1 thread.',
    source: TORNADO,
    paper: null,
    band: atMost(1.1),
    measured: ratio('one', 'as configured', 'all shared', 1),
  },
  {
    id: 'adapting-finds-it',
    text: 'A policy that replaces regions while they fault finds it by itself: adapting / as configured, 16 threads in one region.',
    source: NOTES,
    paper: null,
    band: atMost(1.25),
    measured: ratio('one', 'adapting', 'as configured', MOST),
  },
  {
    id: 'adapting-leaves-alone',
    text: 'And does no harm where nothing is shared: adapting / as configured, 16 threads with regions of their own.',
    source: NOTES,
    paper: null,
    band: atMost(1.1),
    measured: ratio('own', 'adapting', 'as configured', MOST),
  },
];
