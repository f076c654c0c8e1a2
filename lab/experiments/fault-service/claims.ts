/** What is claimed about the serial share of a page fault, and how the rows tell. */
import { atLeast, atMost } from '../framework/band.ts';
import type { Claim, Finding, Row } from '../framework/experiment.ts';
import { figure } from '../framework/rows.ts';

const TORNADO = 'Gamsa et al., Tornado, OSDI 1999';
const NOTES =
  'CS6210 notes: in the easy scenario nothing is serial, in the hard one nothing need be but frames and page tables';
const MOST = 16;

/**
 * The experimentally determined serial fraction (Karp and Flatt, CACM 33(5), 1990): what share of a fault would have to be
 * serial, by Amdahl's law, for n harts to get the speed-up that they get.
 */
function serial(rows: readonly Row[], vm: string, scenario: string): Finding {
  const cycles = (harts: number): number => figure(rows, 'perFault', { vm, scenario, harts });
  const speedUp = (MOST * cycles(1)) / cycles(MOST);
  const value = (1 / speedUp - 1 / MOST) / (1 - 1 / MOST);
  const note = `speed-up ${speedUp.toFixed(1)} with ${MOST}`;
  return { value: Math.max(0, value), note };
}

// The bands are T3, T1 and T2 of Tornado told as serial fractions: costs of 2, 1.5 and 8 times that of one hart.
const TWICE = 0.067;
const ONE_AND_A_HALF = 0.033;
const EIGHT_TIMES = 0.467;

export const CLAIMS: readonly Claim[] = [
  ...['objects', 'traditional'].map(
    (vm): Claim => ({
      id: `easy-${vm}`,
      text: `The easy scenario, processes that have nothing in common (${vm}): serial share of a fault.`,
      source: NOTES,
      paper: null,
      band: atMost(TWICE),
      measured: (rows) => serial(rows, vm, 'processes'),
    }),
  ),
  {
    id: 'hard-objects',
    text: 'The hard one, threads of one process with regions of their own, on clustered objects: serial share of a fault.',
    source: TORNADO,
    paper: null,
    band: atMost(ONE_AND_A_HALF),
    measured: (rows) => serial(rows, 'objects', 'own regions'),
  },
  {
    id: 'hard-traditional',
    text: 'The same where they share one of everything.',
    source: TORNADO,
    paper: null,
    band: atLeast(EIGHT_TIMES),
    measured: (rows) => serial(rows, 'traditional', 'own regions'),
  },
  {
    id: 'one-region-objects',
    text: 'Threads that share a region, each with pages of its own: time of a fault, traditional / objects.',
    source: TORNADO,
    paper: null,
    band: atLeast(2),
    measured: (rows) => {
      const at = (vm: string): number =>
        figure(rows, 'perFault', { vm, scenario: 'one region', harts: MOST });
      return { value: at('traditional') / at('objects') };
    },
  },
];
