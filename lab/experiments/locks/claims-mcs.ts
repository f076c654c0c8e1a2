/** What Mellor-Crummey & Scott say about locks. Figures of theirs that nobody looked up carry the tag M. */
import { type Band, atLeast, atMost, between, exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure, pick, type Where } from '../framework/rows.ts';
import { fitLine } from '../synchronization/fit.ts';
import { bestFrom, curve, listed } from './curves.ts';

const MCS91 = 'Mellor-Crummey & Scott, TOCS 1991';
const contest = (machine: string, lock: string): Where => ({ measure: 'contest', machine, lock });

/** At most so many remote references per acquisition, and no more with more harts. */
const constantTraffic = (id: string, machine: string, how: string): Claim[] => [
  {
    id,
    text: `MCS makes O(1) remote references per acquisition, ${how}: the most, at 2 to 64 harts.`,
    source: `${MCS91}, abstract`,
    paper: { value: 'O(1)', tag: 'F' },
    band: atMost(6),
    measured: (rows) => {
      const points = curve(rows, 'remote', contest(machine, 'mcs'), 2);
      return {
        value: Math.max(...points.map(({ y }) => y)),
        note: listed(points.map(({ x, y }) => [`${x}:`, y])),
      };
    },
  },
  {
    id: `${id}-slope`,
    text: `The same: remote references that each further hart adds, ${how}.`,
    source: `${MCS91}, abstract`,
    paper: { value: 'O(1)', tag: 'F' },
    band: atMost(0.05),
    measured: (rows) => fitLine(curve(rows, 'remote', contest(machine, 'mcs'), 2)).slope,
  },
];

/** So many transactions per handover for each hart that competes. */
const growingTraffic = (id: string, lock: string, text: string): Claim => ({
  id,
  text,
  source: MCS91,
  paper: { value: 'grows with P', tag: 'M+' },
  band: atLeast(0.8),
  measured: (rows) => {
    const points = curve(rows, 'transactions', contest('cc-numa', lock), 4);
    return { value: fitLine(points).slope, note: listed(points.map(({ x, y }) => [`${x}:`, y])) };
  },
});

/** From most to least disturbing, in the paper's table. */
const DISTURBANCE = [
  ['test-and-set', 1420],
  ['ticket', 992],
  ['linear-backoff', 882],
  ['anderson', 75],
  ['ticket-backoff', 53],
  ['exponential-backoff', 32],
  ['mcs', 4],
] as const;

const hotNode = (rows: readonly Row[], lock: string): number =>
  figure(rows, 'hotNode', { measure: 'probe', lock });

const disturbance = (id: string, lock: string, paper: number, band: Band): Claim => ({
  id,
  text: `With 60 harts at ${lock} on the Butterfly, the lock's node answers others so much later (%).`,
  source: `${MCS91}, table of network latency`,
  paper: { value: paper, tag: 'M+' },
  band,
  measured: (rows) => ({
    value: hotNode(rows, lock),
    note: `an idle node: ${figure(rows, 'idleNode', { measure: 'probe', lock }).toFixed(0)} %`,
  }),
});

const uncontended = (machine: string, paper: number): Claim => ({
  id: `M4-${machine}`,
  text: `Without competition a queue costs more: MCS / test-and-set, acquire and release by one hart, ${machine}.`,
  source: `${MCS91}, table of single-processor times`,
  paper: { value: paper, tag: 'M' },
  band: between(1.2, 2.5),
  measured: (rows) => {
    const at = (lock: string): number => figure(rows, 'latency', { ...contest(machine, lock), harts: 1 });
    return {
      value: at('mcs') / at('test-and-set'),
      note: listed(['test-and-set', 'ticket', 'anderson', 'mcs'].map((lock) => [lock, at(lock)])),
    };
  },
});

export const MCS_CLAIMS: readonly Claim[] = [
  ...constantTraffic('M1', 'cc-numa', 'with coherent caches'),
  ...constantTraffic('M1-local', 'butterfly', 'without coherent caches'),
  growingTraffic(
    'M2-tas',
    'test-and-set',
    'Test-and-set: transactions per section that each further hart adds, cc-numa.',
  ),
  growingTraffic(
    'M2-ticket',
    'ticket',
    'Ticket, coherent: each release makes all waiters fetch: transactions per section that each further hart adds, cc-numa.',
  ),
  {
    id: 'M3-order',
    text: 'Locks disturb everybody’s memory accesses in the order test-and-set, ticket, linear backoff, Anderson, proportional ticket, exponential backoff, MCS: neighbours in that list that are the other way round.',
    source: `${MCS91}, table of network latency`,
    paper: { value: DISTURBANCE.map(([, value]) => value).join(' > '), tag: 'M+' },
    band: exactly(0),
    measured: (rows) => {
      const found = DISTURBANCE.map(([lock]) => [lock, hotNode(rows, lock)] as const);
      const inverted = found.filter(
        ([, value], index) => value > (found[index - 1]?.[1] ?? Number.POSITIVE_INFINITY),
      );
      return {
        value: inverted.length,
        note: `in %: ${listed(found)}`,
      };
    },
  },
  disturbance('M3-mcs', 'mcs', 4, atMost(15)),
  disturbance('M3-tas', 'test-and-set', 1420, atLeast(500)),
  uncontended('butterfly', 2.04),
  uncontended('symmetry', 1.31),
  {
    id: 'M5',
    text: 'On a coherent bus queues beat exponential backoff when many compete: from so many harts on, in Anderson’s benchmark.',
    source:
      'Anderson (“more than six”) and Graunke & Thakkar (“more than three”), as reported by notes on the paper',
    paper: { value: '6 and 3', tag: 'F2' },
    band: between(3, 10),
    measured: (rows) => {
      const from = (measure: string, key: string, queue: string): number =>
        bestFrom(rows, key, { measure, machine: 'symmetry' }, queue, ['exponential-backoff']);
      const queues = ['anderson', 'mcs'];
      const bare = queues.map((queue) => `${queue} ${from('contest', 'perSection', queue)}`).join(', ');
      return {
        value: Math.max(...queues.map((queue) => from('elapsed', 'elapsed', queue))),
        note: `the later of Anderson and MCS; without a pause, when backoff lets a hart take it again and again: ${bare}`.replaceAll(
          'Infinity',
          'never',
        ),
      };
    },
  },
  {
    id: 'M6-exclusion',
    text: 'Mutual exclusion: critical sections that began before the last one had ended, all locks, machines and numbers of harts.',
    source: MCS91,
    paper: null,
    band: exactly(0),
    measured: (rows) =>
      pick(rows, { measure: 'contest' }).reduce((sum, row) => sum + (row['overlaps'] as number), 0),
  },
  {
    id: 'M6-fifo',
    text: 'First come, first served: runs in which ticket, Anderson, MCS or CLH did not serve in the order of asking.',
    source: MCS91,
    paper: null,
    band: exactly(0),
    measured: (rows) => {
      const fifo = ['ticket', 'ticket-backoff', 'anderson', 'anderson-packed', 'mcs', 'clh'];
      return pick(rows, { measure: 'release', lock: fifo }).filter((row) => row['inOrder'] === false).length;
    },
  },
];
