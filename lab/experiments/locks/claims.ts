/** What is claimed about locks, and how the rows tell. */
import { atLeast } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure } from '../framework/rows.ts';
import { fitLine } from '../synchronization/fit.ts';
import { ANDERSON_CLAIMS } from './claims-anderson.ts';
import { MCS_CLAIMS } from './claims-mcs.ts';
import { curve } from './curves.ts';

const NOTES = 'CS6210 notes, Synchronization';

const traffic = (rows: readonly Row[], machine: string, lock: string): number =>
  figure(rows, 'transactions', { measure: 'contest', machine, lock, harts: 16 });

const NOTES_CLAIMS: readonly Claim[] = [
  {
    id: 'ticket-update',
    text: 'A ticket lock’s release contends if caches are invalidated, and not if they are updated: transactions per section, invalidate / update, bus, 16 harts.',
    source: NOTES,
    paper: null,
    band: atLeast(4),
    measured: (rows) => traffic(rows, 'smp', 'ticket') / traffic(rows, 'smp-update', 'ticket'),
  },
  {
    id: 'read-still-contends',
    text: 'Spinning on the cached value does not solve contention, since all see the release at once: transactions per section that each further hart adds, cc-numa.',
    source: NOTES,
    paper: null,
    band: atLeast(0.8),
    measured: (rows) =>
      fitLine(
        curve(rows, 'transactions', { measure: 'contest', machine: 'cc-numa', lock: 'spin-on-read' }, 4),
      ).slope,
  },
  {
    id: 'array-false-sharing',
    text: 'Slots of an array that share cache lines wake more than one: transactions per section, packed / padded, cc-numa, 16 harts.',
    source: NOTES,
    paper: null,
    band: atLeast(2),
    measured: (rows) => traffic(rows, 'cc-numa', 'anderson-packed') / traffic(rows, 'cc-numa', 'anderson'),
  },
];

export const CLAIMS: readonly Claim[] = [...MCS_CLAIMS, ...ANDERSON_CLAIMS, ...NOTES_CLAIMS];
