/** What is claimed about the kernel's allocator, and how the rows tell. */
import { above, type Band, atLeast, atMost, below, exactly } from '../framework/band.ts';
import type { Claim, PaperFigure, Row } from '../framework/experiment.ts';
import { figure, numberIn, pick, type Where, worstMachine } from '../framework/rows.ts';

const TORNADO = 'Gamsa et al., Tornado, OSDI 1999';
const K42 = 'K42, white paper on memory allocation';
const SEQUENT = 'McKenney & Slingwine, USENIX 1993';
const MCS = 'Mellor-Crummey & Scott, TOCS 1991';
const MOST = 16;

/** How many times as long an operation takes with 16 harts as with `few`. */
const growth = (rows: readonly Row[], where: Where, few: number): number =>
  figure(rows, 'perOperation', { ...where, harts: MOST }) /
  figure(rows, 'perOperation', { ...where, harts: few });

interface Growth {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly paper: PaperFigure | null;
  readonly band: Band;
  readonly where: Where;
  readonly pickOne: (...values: number[]) => number;
}

const grows = ({ id, text, source, paper, band, where, pickOne }: Growth): Claim => ({
  id,
  text: `${text}: time of an operation with ${MOST} harts / with 1, the worst machine.`,
  source,
  paper,
  band,
  measured: (rows) => worstMachine(rows, (machine) => growth(rows, { machine, ...where }, 1), pickOne),
});

const PAIRS = { workload: 'pairs', kind: 'padded' };
const BURSTS = { workload: 'bursts', kind: 'padded' };
const REMOTE = { machine: 'cc-numa', workload: 'remote', kind: 'padded' };

export const CLAIMS: readonly Claim[] = [
  grows({
    id: 'pools-are-flat',
    text: 'With free lists of each hart, taking and freeing a block costs the same whoever else does so',
    source: TORNADO,
    paper: { value: 'near-flat to 16 processors', tag: 'M' },
    band: atMost(1.2),
    where: { heap: 'per-hart', ...PAIRS },
    pickOne: Math.max,
  }),
  grows({
    id: 'single-pool-is-not',
    text: 'With one pool and one lock it does not',
    source: TORNADO,
    paper: null,
    band: atLeast(5),
    where: { heap: 'global', ...PAIRS },
    pickOne: Math.min,
  }),
  {
    id: 'spin-lock-wins-alone',
    text: 'Nor is that the lock’s fault. A spin lock is cheaper while nobody waits: time of a pair with one pool, spin lock / MCS lock, 1 hart, the worst machine.',
    source: MCS,
    paper: null,
    band: below(1),
    measured: (rows) => worstMachine(rows, (machine) => spinToMcs(rows, machine, 1), Math.max),
  },
  {
    id: 'mcs-lock-wins-crowded',
    text: 'And dearer when many do: the same with 16 harts, the least machine.',
    source: MCS,
    paper: null,
    band: above(1),
    measured: (rows) => worstMachine(rows, (machine) => spinToMcs(rows, machine, MOST), Math.min),
  },
  grows({
    id: 'bursts-scale',
    text: 'Where more blocks are taken than a hart keeps at hand, they come from the pool of the node a list at a time',
    source: SEQUENT,
    paper: null,
    band: atMost(4),
    where: { heap: 'per-hart', ...BURSTS },
    pickOne: Math.max,
  }),
  {
    id: 'bursts-beat-one-pool',
    text: 'On a bus all harts share the pool of the one node, and blocks wander from cache to cache; it is still no single free list: time of a block of a burst with one pool / with caches of harts, 16 harts, the least machine.',
    source: SEQUENT,
    paper: null,
    band: atLeast(5),
    measured: (rows) =>
      worstMachine(
        rows,
        (machine) => {
          const at = (heap: string): number =>
            figure(rows, 'perOperation', { machine, heap, ...BURSTS, harts: MOST });
          return at('global') / at('per-hart');
        },
        Math.min,
      ),
  },
  {
    id: 'pairs-take-no-lock',
    text: 'The common case is a few accesses to the free list of the own processor: locks taken for a pair, any number of harts.',
    source: K42,
    paper: { value: 'dequeue and enqueue on the local list', tag: 'F' },
    band: exactly(0),
    measured: (rows) =>
      Math.max(...pick(rows, { heap: 'per-hart', ...PAIRS }).map((row) => numberIn(row, 'locks'))),
  },
  {
    id: 'lists-go-home-whole',
    text: 'Blocks go back to their home in whole lists: locks taken for a block that another node frees, 16 harts.',
    source: K42,
    paper: { value: 'whole lists move', tag: 'F' },
    band: atMost(0.25),
    measured: (rows) => figure(rows, 'locks', { ...REMOTE, heap: 'per-hart', harts: MOST }),
  },
  {
    id: 'remote-frees-scale',
    text: 'One node frees what another takes. Eight times the harts would take eight times as long if they went one at a time: time of a block with 16 harts / with 2.',
    source: K42,
    paper: null,
    band: atMost(3),
    measured: (rows) => growth(rows, { ...REMOTE, heap: 'per-hart' }, 2),
  },
  {
    id: 'remote-frees-beat-one-pool',
    text: 'And it beats one pool there: time of a block with one pool / with pools of nodes, 16 harts.',
    source: K42,
    paper: null,
    band: atLeast(2),
    measured: (rows) => {
      const at = (heap: string): number => figure(rows, 'perOperation', { ...REMOTE, heap, harts: MOST });
      return at('global') / at('per-hart');
    },
  },
  {
    id: 'packed-blocks-share-lines',
    text: 'Small blocks side by side that several harts write share lines falsely: time of a count in a packed block / in a padded one, 16 harts, the least machine.',
    source: K42,
    paper: null,
    band: atLeast(5),
    measured: (rows) => worstMachine(rows, (machine) => slowerThanPadded(rows, machine, 'global'), Math.min),
  },
  {
    id: 'local-blocks-do-not',
    text: 'Blocks of the hart’s own are packed, too, and share lines with nobody: time of a count in such a block / in a padded one, 16 harts, the worst machine.',
    source: K42,
    paper: null,
    band: atMost(1.05),
    measured: (rows) => worstMachine(rows, (machine) => slowerThanPadded(rows, machine, 'local'), Math.max),
  },
  {
    id: 'nothing-is-lost',
    text: 'What was taken was freed: blocks in use in the end, but for the counters.',
    source: 'invariant of the kernel heap',
    paper: null,
    band: exactly(0),
    measured: (rows) =>
      pick(rows, { workload: ['pairs', 'bursts', 'remote'] }).reduce(
        (sum, row) => sum + numberIn(row, 'inUse'),
        0,
      ),
  },
];

function spinToMcs(rows: readonly Row[], machine: string, harts: number): number {
  const at = (heap: string): number => figure(rows, 'perOperation', { machine, heap, ...PAIRS, harts });
  return at('global-spin') / at('global');
}

function slowerThanPadded(rows: readonly Row[], machine: string, kind: string): number {
  const where = { machine, heap: 'per-hart', workload: 'counters', harts: MOST };
  return (
    figure(rows, 'perOperation', { ...where, kind }) /
    figure(rows, 'perOperation', { ...where, kind: 'padded' })
  );
}
