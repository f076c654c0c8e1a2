/** What is claimed about scaling, and how the rows tell. Bands are ours: the saying gives no figure. */
import { type Band, atLeast, atMost, exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { figure, numberIn, pick } from '../framework/rows.ts';

const THACKER = 'Chuck Thacker, in the CS6210 notes';
const HARTS = 64;

interface Point {
  readonly machine: string;
  readonly own?: string;
  readonly share: number;
}

/** A claim about the efficiency with 64 harts. */
const efficient = (id: string, text: string, point: Point, band: Band): Claim => ({
  id,
  text: `${text}: speed-up with ${HARTS} harts / ${HARTS}.`,
  source: THACKER,
  paper: null,
  band,
  measured: (rows) => {
    const where = { own: 'cached', ...point, harts: HARTS };
    const value = figure(rows, 'efficiency', where);
    return { value, note: `a speed-up of ${figure(rows, 'speedup', where).toFixed(1)}` };
  },
});

/** How often the speed-up rises when more is shared. */
function rises(rows: readonly Row[], machine: string): number {
  const curve = pick(rows, { machine, own: 'cached', harts: HARTS })
    .map((row) => ({ share: numberIn(row, 'share'), speedup: numberIn(row, 'speedup') }))
    .toSorted((left, right) => left.share - right.share);
  return curve.filter(
    ({ speedup }, index) => speedup > (curve[index - 1]?.speedup ?? Number.POSITIVE_INFINITY),
  ).length;
}

export const CLAIMS: readonly Claim[] = [
  efficient(
    'cc-numa-scales',
    'cc-numa scales when nothing is shared',
    { machine: 'cc-numa', share: 0 },
    atLeast(0.95),
  ),
  efficient(
    'smp-scales',
    'A bus scales when nothing is shared and caches serve all',
    { machine: 'smp', share: 0 },
    atLeast(0.95),
  ),
  efficient(
    'a-little-hurts',
    'On cc-numa one shared access in a hundred is enough to be felt',
    { machine: 'cc-numa', share: 1 },
    atMost(0.75),
  ),
  efficient(
    'cc-numa-does-not',
    'cc-numa does not scale when everything is shared',
    { machine: 'cc-numa', share: 100 },
    atMost(0.25),
  ),
  efficient(
    'smp-does-not',
    'A bus does not scale when everything is shared',
    { machine: 'smp', share: 100 },
    atMost(0.25),
  ),
  {
    id: 'sharing-always-costs',
    text: `The more is shared, the smaller the speed-up: how often it rises with the share, ${HARTS} harts, both machines.`,
    source: THACKER,
    paper: null,
    band: exactly(0),
    measured: (rows) => rises(rows, 'cc-numa') + rises(rows, 'smp'),
  },
  efficient(
    'the-bus-is-shared',
    'A bus is itself shared memory: it does not scale with private data either, if that comes from memory',
    { machine: 'smp', own: 'memory', share: 0 },
    atMost(0.25),
  ),
  efficient(
    'local-memory-is-not',
    'cc-numa scales with private data that comes from the memory of its own node',
    { machine: 'cc-numa', own: 'memory', share: 0 },
    atLeast(0.75),
  ),
];
