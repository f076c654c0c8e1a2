/** The experiment `destruction`: what representatives cost when their object goes, and what they save until then. */
import { parseDegree } from '../../../kernel/index.ts';
import { atLeast, atMost, exactly } from '../framework/band.ts';
import type { Claim, Experiment, Row } from '../framework/experiment.ts';
import { figure, numberIn, pick } from '../framework/rows.ts';
import { measureDestruction } from './measure.ts';

const NOTES = 'CS6210 notes, Tornado: destruction of a region may take more time';
const MOST = 16;

const at = (rows: readonly Row[], key: string, degree: string): number =>
  figure(rows, key, { degree, harts: MOST });

const CLAIMS: readonly Claim[] = [
  {
    id: 'destroying-costs-more',
    text: 'An object with a representative for each hart costs more to destroy than one with a single one: cycles until its memory is free, 16 harts.',
    source: NOTES,
    paper: null,
    band: atLeast(1.5),
    measured: (rows) => at(rows, 'freed', 'hart') / at(rows, 'freed', 'shared'),
  },
  {
    id: 'using-costs-less',
    text: 'And less to use, which happens more often: cycles of an addition with one representative / with one for each hart, 16 harts.',
    source: NOTES,
    paper: null,
    band: atLeast(8),
    measured: (rows) => at(rows, 'perUse', 'shared') / at(rows, 'perUse', 'hart'),
  },
  {
    id: 'pays-off-soon',
    text: 'So it pays off soon: additions of each of 16 harts after which the dearer destruction is made up for.',
    source: NOTES,
    paper: null,
    band: atMost(100),
    measured: (rows) =>
      (at(rows, 'freed', 'hart') - at(rows, 'freed', 'shared')) /
      (at(rows, 'perUse', 'shared') - at(rows, 'perUse', 'hart')),
  },
  {
    id: 'nothing-stays',
    text: 'Representatives and blocks that are left, all rows.',
    source: 'invariant of the kernel',
    paper: null,
    band: exactly(0),
    measured: (rows) => pick(rows, {}).reduce((sum, row) => sum + numberIn(row, 'left'), 0),
  },
];

const DEGREES = ['shared', 'group:4', 'node', 'hart'].filter((text) => parseDegree(text) !== undefined);

export const destruction: Experiment = {
  id: 'destruction',
  summary: 'Destroying an object, 1 to 16 harts: by how many representatives it has.',
  question:
    'What does it cost to destroy an object that all harts have used, by the number of its representatives, and ' +
    'what did they save while it was in use?',
  sources: ['CS6210 notes on Tornado', 'K42, object destruction (derived from Tornado)'],
  factors: {
    degree: { summary: 'degree of clustering of a counter', values: DEGREES, quick: DEGREES },
    harts: {
      summary: 'number of harts, all of which have used the counter',
      values: [1, 2, 4, 8, 16],
      quick: [1, 16],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    objects: {
      summary: 'counters that are made, used and destroyed',
      default: 20,
      quick: 6,
      min: 1,
      max: 40,
    },
    rounds: {
      summary: 'additions of each hart to each counter',
      default: 50,
      quick: 20,
      min: 5,
      max: 10_000,
    },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'hartsPerCore'],
  columns: [
    { key: 'degree', summary: 'harts that share a representative' },
    { key: 'harts', summary: 'number of harts' },
    { key: 'representatives', summary: 'representatives of a counter' },
    { key: 'perUse', summary: 'cycles of a hart for an addition', unit: 'cycles', digits: 0 },
    { key: 'unlinked', summary: 'until no use can begin any more', unit: 'cycles', digits: 0 },
    { key: 'freed', summary: 'until the memory of a counter is free', unit: 'cycles', digits: 0 },
    { key: 'left', summary: 'objects in limbo, and blocks in use, in the end' },
  ],
  measure: measureDestruction,
  claims: CLAIMS,
  tables: [
    {
      title: 'Cycles until the memory of a destroyed counter is free, by the number of harts',
      down: ['degree'],
      across: { key: 'harts', show: 'freed' },
    },
    {
      title: 'Cycles of an addition, by the number of harts',
      down: ['degree'],
      across: { key: 'harts', show: 'perUse' },
    },
  ],
  figures: [
    {
      name: 'freed',
      title: 'Cycles until the memory of a destroyed counter is free',
      x: { key: 'harts', label: 'harts', scale: 'log2' },
      y: { key: 'freed', label: 'cycles', scale: 'log' },
      series: { key: 'degree', label: 'degree of clustering' },
    },
  ],
};
