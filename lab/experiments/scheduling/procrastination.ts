/** The experiment `procrastination`: whether a hart without work should wait for its own thread, or steal another one. */
import program from '../../../userland/programs/procrastination.ts';
import { above, below, between } from '../framework/band.ts';
import type { Cell, Experiment, Row, Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { numberIn, pick } from '../framework/rows.ts';
import { runScene } from './scene-run.ts';

const NOTES = 'CS6210 notes, Scheduling: Procrastination';
const KIBIBYTE = 1024;
/** Longer than any wait. */
const FOR_EVER = 1 << 28;

function measure(cell: Cell, settings: Settings): readonly Row[] {
  const { wait } = cell as { readonly wait: number };
  const words = {
    wait,
    footprint: (settings.parameters['footprint'] as number) * KIBIBYTE,
    rounds: settings.parameters['rounds'] as number,
  };
  const run = (procrastination: number) =>
    runScene(
      program,
      words,
      { scheduler: 'fcfs', 'objects.runQueue': 'hart', stealing: 'on', procrastination },
      settings,
    );
  const stealing = run(0);
  const waiting = run(FOR_EVER);
  const reload = stealing('job') - waiting('job');
  const [steals, waits] = [stealing('makespan'), waiting('makespan')];
  const facts = { reload, ratio: wait / reload, gain: steals - waits };
  return [
    { hart: 'steals', makespan: steals, ...facts },
    { hart: 'waits', makespan: waits, ...facts },
  ];
}

const byWait = (rows: readonly Row[]): readonly Row[] =>
  pick(rows, { hart: 'waits' }).toSorted((a, b) => numberIn(a, 'wait') - numberIn(b, 'wait'));

/** The ratio of wait and reload at which waiting neither helps nor hurts, between the two rows around it. */
function turningPoint(rows: readonly Row[]): number {
  const curve = byWait(rows);
  const after = curve.findIndex((row) => numberIn(row, 'gain') < 0);
  const [left, right] = [curve[after - 1], curve[after]];
  if (left === undefined || right === undefined) throw new NotMeasured('no turning point in this sweep');
  const [gainLeft, gainRight] = [numberIn(left, 'gain'), numberIn(right, 'gain')];
  const share = gainLeft / (gainLeft - gainRight);
  return numberIn(left, 'ratio') + share * (numberIn(right, 'ratio') - numberIn(left, 'ratio'));
}

export const procrastination: Experiment = {
  id: 'procrastination',
  summary: 'An idle hart: steal at once, or wait for the thread whose footprint is in the cache.',
  question:
    'A hart has nothing to do until its own thread comes back, and another hart has a thread to spare. Should it wait?',
  sources: ['CS6210 notes, Scheduling: Performance'],
  factors: {
    wait: {
      summary: 'cycles until the hart’s own thread comes back',
      values: [5000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000],
      quick: [20_000, 40_000, 50_000],
      range: { min: 100, max: 10_000_000 },
    },
  },
  parameters: {
    footprint: {
      summary: 'KiB that a job of either thread touches, of a cache of 32',
      default: 24,
      quick: 24,
      min: 1,
      max: 256,
    },
    rounds: { summary: 'how often', default: 8, quick: 2, min: 1, max: 1000 },
  },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode', 'l1'],
  columns: [
    { key: 'wait', summary: 'until the hart’s own thread comes back, W', unit: 'cycles' },
    { key: 'reload', summary: 'what its job takes longer when its footprint is gone, R', unit: 'cycles' },
    { key: 'ratio', summary: 'W / R', digits: 2 },
    { key: 'hart', summary: 'what the idle hart does' },
    { key: 'makespan', summary: 'until both jobs are done', unit: 'cycles' },
    { key: 'gain', summary: 'what waiting saves', unit: 'cycles' },
  ],
  measure,
  claims: [
    {
      id: 'G3-waiting-helps',
      text: 'Back before the cache could be reloaded (W < R): waiting saves cycles, in the row of the shortest wait.',
      source: NOTES,
      paper: { value: 'better affinity', tag: 'F' },
      band: above(0),
      measured: (rows) => numberIn(byWait(rows)[0] as Row, 'gain'),
    },
    {
      id: 'G3-waiting-hurts',
      text: 'Back later (W > R): waiting costs cycles, in the row of the longest wait.',
      source: NOTES,
      paper: null,
      band: below(0),
      measured: (rows) => numberIn(byWait(rows).at(-1) as Row, 'gain'),
    },
    {
      id: 'G3-turning-point',
      text: 'It turns where the wait is as long as the reload: W / R at which waiting neither helps nor hurts.',
      source: NOTES,
      paper: null,
      band: between(0.75, 1.25),
      measured: turningPoint,
    },
  ],
  tables: [
    {
      title: 'Cycles until both threads have done their jobs',
      down: ['wait'],
      across: { key: 'hart', show: 'makespan' },
    },
    {
      title: 'What waiting saves',
      down: ['wait'],
      show: ['reload', 'ratio', 'gain'],
      where: (row) => row['hart'] === 'waits',
    },
  ],
  figures: [
    {
      name: 'makespan',
      title: 'Cycles until both jobs are done, by how long the thread is away',
      x: { key: 'wait', label: 'cycles until it comes back', scale: 'linear' },
      y: { key: 'makespan', label: 'cycles', scale: 'linear' },
      series: { key: 'hart', label: 'the idle hart' },
    },
  ],
};
