/** The experiment `aging`: whether a thread can wait for ever when affinity decides, and what age does about it. */
import { atLeast, atMost, exactly } from '../framework/band.ts';
import type { Cell, Claim, Experiment, Row, Settings } from '../framework/experiment.ts';
import type { Period, Slice } from '../../report/slices.ts';
import { figure, numberIn, pick } from '../framework/rows.ts';
import { runLoad } from './load-run.ts';

const NOTES = 'CS6210 notes, Scheduling: priority = base priority + age + affinity';
const SLICE = 5000;
const SERVICE = 2000;
const WARM = 100_000;
const MOST = 16;
const LEAST = 4;

function measure(cell: Cell, settings: Settings): Row {
  const { threads, age } = cell as Readonly<Record<'threads' | 'age', number>>;
  const { merits, recorder } = runLoad(
    {
      preset: 'cc-numa',
      choice: { harts: 1 },
      options: {
        scheduler: 'weighted-priority',
        slice: SLICE,
        'scheduler.age': age,
        'scheduler.affinity': 1,
      },
      words: {
        threads,
        footprint: 1024,
        service: SERVICE,
        think: 0,
      },
      warm: WARM,
      cycles: settings.parameters['cycles'] as number,
    },
    settings,
  );
  const longest = Math.max(...waitsOf(recorder.slices, merits.period, threads));
  return {
    starved: threads - new Set(turns(recorder.slices, merits.period).map(({ thread }) => thread)).size,
    longest,
    perThread: longest / threads,
    throughput: merits.throughput,
    misses: merits.missesPerJob,
  };
}

/** The thread that started the others; it sleeps. */
const MAIN = 1;

const turns = (slices: readonly Slice[], { from, to }: Period): Slice[] =>
  slices.filter(({ thread, start, end }) => thread !== MAIN && end > from && start < to);

/** For each thread, which is always ready, the longest time without a hart in the period. */
function waitsOf(slices: readonly Slice[], period: Period, threads: number): number[] {
  const own = new Map<number, Slice[]>();
  for (const slice of turns(slices, period)) own.set(slice.thread, [...(own.get(slice.thread) ?? []), slice]);
  const waits = [...own.values()].map((had) => {
    let since = period.from;
    let longest = 0;
    for (const { start, end } of had) {
      longest = Math.max(longest, start - since);
      since = end;
    }
    return Math.max(longest, period.to - since);
  });
  return own.size < threads ? [...waits, period.to - period.from] : waits;
}

const CLAIMS: readonly Claim[] = [
  {
    id: 'G2-nobody-starves',
    text: 'With age in the sum every thread that is ready gets its turn: threads without one in the period, all rows with an age weight of 1 and more.',
    source: NOTES,
    paper: { value: '“senior citizen discount”', tag: 'F' },
    band: exactly(0),
    measured: (rows) =>
      pick(rows, {})
        .filter((row) => numberIn(row, 'age') > 0)
        .reduce((sum, row) => sum + numberIn(row, 'starved'), 0),
  },
  {
    id: 'G2-wait-is-linear',
    text: `And waits no longer than in proportion to the threads: longest wait for each thread, ${MOST} threads / ${LEAST} threads, age weight 1.`,
    source: NOTES,
    paper: null,
    band: atMost(2),
    measured: (rows) =>
      figure(rows, 'perThread', { age: 1, threads: MOST }) /
      figure(rows, 'perThread', { age: 1, threads: LEAST }),
  },
  {
    id: 'G2-without-age',
    text: 'With an age weight of 0 a thread can wait for ever: the fewest threads without a turn in the period, all rows.',
    source: NOTES,
    paper: null,
    band: atLeast(1),
    measured: (rows) => Math.min(...pick(rows, { age: 0 }).map((row) => numberIn(row, 'starved'))),
  },
];

export const aging: Experiment = {
  id: 'aging',
  summary: 'Priority = base + age + affinity: who starves, and how long threads wait, by the weight of age.',
  question: 'Can a thread that is ready wait for ever where affinity decides, and what does age do about it?',
  sources: ['CS6210 notes, Scheduling: Implementation Issues'],
  factors: {
    threads: {
      summary: 'threads that are always ready, on one hart',
      values: [4, 8, 16, 32],
      quick: [4, 16],
      range: { min: 2, max: 200 },
    },
    age: { summary: 'weight of age', values: [0, 1, 4], quick: [0, 1], range: { min: 0, max: 100 } },
  },
  parameters: {
    cycles: {
      summary: 'length of the measured period',
      default: 2_000_000,
      quick: 600_000,
      min: 50_000,
      max: 1 << 28,
    },
  },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode'],
  columns: [
    { key: 'threads', summary: 'threads' },
    { key: 'age', summary: 'weight of age' },
    { key: 'starved', summary: 'threads that had no turn in the period' },
    { key: 'longest', summary: 'longest time that a thread was without a hart', unit: 'cycles', digits: 0 },
    { key: 'perThread', summary: 'the same / threads', unit: 'cycles', digits: 0 },
    { key: 'throughput', summary: 'jobs in a million cycles', digits: 1 },
    { key: 'misses', summary: 'first-level misses for each job, the kernel’s included', digits: 1 },
  ],
  measure,
  claims: CLAIMS,
  tables: [
    {
      title: 'Threads that had no turn',
      down: ['age'],
      across: { key: 'threads', show: 'starved' },
    },
    {
      title: 'Longest wait for each thread, cycles',
      down: ['age'],
      across: { key: 'threads', show: 'perThread' },
    },
  ],
  figures: [
    {
      name: 'wait',
      title: 'Longest wait by the number of threads',
      x: { key: 'threads', label: 'threads on one hart', scale: 'log2' },
      y: { key: 'longest', label: 'cycles', scale: 'log' },
      series: { key: 'age', label: 'weight of age' },
    },
  ],
};
