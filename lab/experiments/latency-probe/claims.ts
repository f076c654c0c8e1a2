/** What is claimed about latencies, and how the rows tell. */
import { type Band, atLeast, between, exactly } from '../framework/band.ts';
import type { Claim, PaperFigure, Row } from '../framework/experiment.ts';
import { largest, numberIn, pick, smallest, valuesOf } from '../framework/rows.ts';

/** Machines of our own choice of latencies: the notes' rule of thumb is for them. */
const GENERAL = ['dance-hall', 'smp', 'cc-numa', 'ncc-numa', 'cluster'];
const NOTES = 'CS6210 notes, Shared Memory and Caches';

const isOff = (row: Row): boolean =>
  numberIn(row, 'fastest') !== numberIn(row, 'configured') ||
  numberIn(row, 'slowest') !== numberIn(row, 'configured');

/** The rows of the general machines that there are. */
const general = (rows: readonly Row[], level: string): readonly Row[] => {
  const there = valuesOf(rows, 'preset').filter((preset) => GENERAL.includes(String(preset)));
  return pick(rows, { preset: there, level });
};

/** A claim about Corey's machine: the nearest place that a level has, or the farthest. */
const corey = (
  id: string,
  what: string,
  level: string,
  paper: PaperFigure,
  band: Band,
  which = smallest,
): Claim => ({
  id: `corey-${id}`,
  text: `A core of Corey’s machine reads ${what} in ${paper.value} cycles.`,
  source: 'Boyd-Wickizer et al., OSDI 2008, figure 2',
  paper,
  band,
  measured: (rows) => which(pick(rows, { preset: 'amd16', level }), 'slowest'),
});

export const CLAIMS: readonly Claim[] = [
  {
    id: 'configured-is-measured',
    text: 'Every level of every preset takes what its table says, exactly: rows that differ.',
    source: 'hw/presets.ts',
    paper: null,
    band: exactly(0),
    measured: (rows) => {
      const probed = pick(rows, {});
      const off = probed.filter(isOff);
      const names = off.map((row) => `${row['preset']} ${row['level']}, ${row['hops']} hops`);
      const note = off.length === 0 ? `of ${probed.length} rows` : names.slice(0, 4).join('; ');
      return { value: off.length, note };
    },
  },
  {
    id: 'two-cycles-to-the-cache',
    text: 'A cache answers in about 2 cycles: the slowest first-level read of the general machines.',
    source: NOTES,
    paper: { value: '~2 cycles', tag: 'F2' },
    band: between(1, 4),
    measured: (rows) => largest(general(rows, 'L1 read'), 'slowest'),
  },
  {
    id: 'hundred-cycles-to-memory',
    text: 'Memory answers in 100 cycles and more: the fastest read from memory of the general machines.',
    source: NOTES,
    paper: { value: '100+ cycles', tag: 'F2' },
    band: atLeast(100),
    measured: (rows) => smallest(general(rows, 'memory read'), 'fastest'),
  },
  {
    id: 'farther-is-slower',
    text: 'On cc-numa memory is the slower the more hops away it is: steps at which it is not.',
    source: 'CS6210 notes, distributed shared memory',
    paper: null,
    band: exactly(0),
    measured: (rows) => {
      const reads = pick(rows, { preset: 'cc-numa', level: 'memory read' }).toSorted(
        (left, right) => numberIn(left, 'hops') - numberIn(right, 'hops'),
      );
      const slower = (row: Row, before: Row): boolean =>
        numberIn(row, 'fastest') > numberIn(before, 'slowest');
      return reads.filter((row, index) => index > 0 && !slower(row, reads[index - 1] as Row)).length;
    },
  },
  corey('l1', 'its first-level cache', 'L1 read', { value: 3, tag: 'M+' }, exactly(3)),
  corey('l2', 'its second-level cache', 'L2 read', { value: 14, tag: 'M+' }, exactly(14)),
  corey('l3', 'the third-level cache of its chip', 'LLC read', { value: 75, tag: 'M+' }, exactly(75)),
  corey(
    'same-chip',
    'another cache of its chip',
    'cache read',
    { value: '~127', tag: 'M' },
    between(121, 127),
  ),
  corey(
    'farthest-memory',
    'the most distant memory',
    'memory read',
    { value: '~327-336', tag: 'M' },
    between(327, 336),
    largest,
  ),
  {
    id: 'butterfly-remote',
    text: 'On the Butterfly a remote reference takes 5 times as long as a local one.',
    source: 'Mellor-Crummey & Scott, TOCS 1991',
    paper: { value: '5 : 1', tag: 'M' },
    band: between(4, 6),
    measured: (rows) => {
      const reads = pick(rows, { preset: 'butterfly', level: 'memory read' });
      return largest(reads, 'slowest') / smallest(reads, 'fastest');
    },
  },
];
