/** What is claimed about clustered objects, and how the rows tell. */
import { type Band, atLeast, atMost, between, exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure, numberIn, pick, valuesOf, worstMachine } from '../framework/rows.ts';

const TORNADO = 'Gamsa et al., Tornado, OSDI 1999';
const K42 = 'K42, Clustered Objects (derived from Tornado)';
const SWAP = 'Soules et al., System Support for Online Reconfiguration, USENIX 2003';
const MOST = 16;

interface Point {
  readonly form: string;
  readonly operation: 'add' | 'read';
}

const growth = (rows: readonly Row[], machine: string, point: Point): number =>
  figure(rows, 'perOperation', { machine, ...point, harts: MOST }) /
  figure(rows, 'perOperation', { machine, ...point, harts: 1 });

const grows = (
  id: string,
  text: string,
  paper: Claim['paper'],
  band: Band,
  point: Point,
  worst: (...values: number[]) => number,
): Claim => ({
  id,
  text: `${text}: time of an operation with ${MOST} harts / with 1, the worst machine.`,
  source: TORNADO,
  paper,
  band,
  measured: (rows) => worstMachine(rows, (machine) => growth(rows, machine, point), worst),
});

/** How much longer an addition takes than on a counter that was never shared, with all harts. */
const against = (rows: readonly Row[], machine: string, form: string): number =>
  figure(rows, 'perOperation', { machine, form, operation: 'add', harts: MOST }) /
  figure(rows, 'perOperation', { machine, form: 'partitioned', operation: 'add', harts: MOST });

export const CLAIMS: readonly Claim[] = [
  grows(
    't4-shared-grows',
    'Adding to one value for all gets slower with every hart',
    { value: 'grows linearly', tag: 'M' },
    atLeast(MOST / 2),
    { form: 'shared', operation: 'add' },
    Math.min,
  ),
  grows(
    't4-partitioned-is-flat',
    'Adding to a part of one’s own does not',
    { value: 'constant', tag: 'F2' },
    atMost(1.2),
    { form: 'partitioned', operation: 'add' },
    Math.max,
  ),
  grows(
    't4-copies-read-flat',
    'Nor does reading a copy of one’s own',
    null,
    atMost(1.2),
    { form: 'replicated', operation: 'read' },
    Math.max,
  ),
  {
    id: 't4-read-costs-harts',
    text: 'Reading a counter of parts takes loads for each hart: loads of a read more with 16 harts than with 8, by the hart.',
    source: TORNADO,
    paper: { value: 'O(P) loads', tag: 'M' },
    band: between(1, 8),
    measured: (rows) => {
      const [machine] = valuesOf(pick(rows, {}), 'machine');
      const at = (harts: number): number =>
        figure(rows, 'loads', { machine: machine ?? null, form: 'partitioned', operation: 'read', harts });
      return (at(MOST) - at(MOST / 2)) / (MOST / 2);
    },
  },
  {
    id: 't5-one-load',
    text: 'Following a reference costs one load more than a pointer: loads of a deref that hits, the most of any row.',
    source: K42,
    paper: { value: 1, tag: 'F' },
    band: exactly(1),
    measured: (rows) => Math.max(...pick(rows, {}).map((row) => numberIn(row, 'extraLoads'))),
  },
  {
    id: 't5-one-miss',
    text: 'A hart misses once on an object that nobody replaces: misses by the hart, the most of any row.',
    source: K42,
    paper: { value: 'first use only', tag: 'F' },
    band: atMost(1),
    measured: (rows) =>
      Math.max(
        ...pick(rows, { form: ['shared', 'grouped', 'partitioned', 'replicated'] }).map((row) =>
          numberIn(row, 'translationMisses'),
        ),
      ),
  },
  {
    id: 'p3-nothing-is-lost',
    text: 'Replacing a counter under load loses no call, and none runs on the old one afterwards: additions that are missing, all rows.',
    source: SWAP,
    paper: { value: 0, tag: 'F2' },
    band: exactly(0),
    measured: (rows) =>
      pick(rows, { form: ['swapped', 'adaptive'] }).reduce((sum, row) => sum + numberIn(row, 'lost'), 0),
  },
  {
    id: 'p4-flat-again',
    text: 'A shared counter that is replaced by parts while all harts use it is as fast as one that was never shared: time of an addition, 16 harts, the worst machine.',
    source: SWAP,
    paper: null,
    band: atMost(1.5),
    measured: (rows) => worstMachine(rows, (machine) => against(rows, machine, 'swapped'), Math.max),
  },
  {
    id: 'usage-determines',
    text: 'Left to the policy, a shared counter becomes one of parts by itself, and its curve flat: time of an addition with 16 harts / with 1, the worst machine.',
    source: 'CS6210 notes: “usage pattern determines level of replication”',
    paper: null,
    band: atMost(1.2),
    measured: (rows) => {
      const point = { form: 'adaptive', operation: 'add' } as const;
      return worstMachine(rows, (machine) => growth(rows, machine, point), Math.max);
    },
  },
  {
    id: 'observing-is-cheap',
    text: 'And it is as fast as one that was of parts from the beginning: time of an addition, 16 harts, the worst machine.',
    source: 'CS6210 notes: “usage pattern determines level of replication”',
    paper: null,
    band: atMost(1.5),
    measured: (rows) => worstMachine(rows, (machine) => against(rows, machine, 'adaptive'), Math.max),
  },
];
