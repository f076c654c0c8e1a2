/** What is claimed about latencies, and how the rows tell. */
import { atLeast, between, exactly } from '../framework/band.ts';
import type { Claim, Row } from '../framework/experiment.ts';
import { largest, numberIn, pick, smallest, valuesOf } from '../framework/rows.ts';

/** Machines of our own choice of latencies: the notes' rule of thumb is for them. */
const GENERAL = ['dance-hall', 'smp', 'cc-numa', 'ncc-numa', 'cluster'];
const NOTES = 'CS6210 notes, Shared Memory and Caches';
const COREY = 'Boyd-Wickizer et al., OSDI 2008, figure 2';

const isOff = (row: Row): boolean =>
  numberIn(row, 'fastest') !== numberIn(row, 'configured') ||
  numberIn(row, 'slowest') !== numberIn(row, 'configured');

/** The rows of the general machines that there are. */
const general = (rows: readonly Row[], level: string): readonly Row[] => {
  const there = valuesOf(rows, 'preset').filter((preset) => GENERAL.includes(String(preset)));
  return pick(rows, { preset: there, level });
};

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
  {
    id: 'corey-l1',
    text: 'Corey’s machine reads its first-level cache in 3 cycles.',
    source: COREY,
    paper: { value: 3, tag: 'M+' },
    band: exactly(3),
    measured: (rows) => largest(pick(rows, { preset: 'amd16', level: 'L1 read' }), 'slowest'),
  },
  {
    id: 'corey-same-chip',
    text: 'Corey’s machine reads another cache of the same chip in about 127 cycles.',
    source: COREY,
    paper: { value: '~127', tag: 'M' },
    band: between(121, 127),
    measured: (rows) => smallest(pick(rows, { preset: 'amd16', level: 'cache read' }), 'fastest'),
  },
  {
    id: 'corey-farthest-memory',
    text: 'Corey’s machine reads the most distant memory in about 330 cycles.',
    source: COREY,
    paper: { value: '~327-336', tag: 'M' },
    band: between(327, 336),
    measured: (rows) => largest(pick(rows, { preset: 'amd16', level: 'memory read' }), 'slowest'),
  },
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
