/** The experiment `footprint`: the notes' figure of memory footprint against cache reload time, measured. */
import { atLeast, atMost, exactly } from '../framework/band.ts';
import type { Cell, Claim, Experiment, Row, Settings } from '../framework/experiment.ts';
import { figure, numberIn, pick } from '../framework/rows.ts';
import { runLoad } from './load-run.ts';

const NOTES = 'CS6210 notes, Scheduling: Performance';
const KIBIBYTE = 1024;
const LINE = 64;
/** KiB of the first-level cache. */
const CACHE = 32;
const MOST = 8;
/** Long enough for every job: threads give the hart up by themselves. */
const SLICE = 1 << 28;

function measure(cell: Cell, settings: Settings): Row {
  const { footprint, intervening } = cell as Readonly<Record<'footprint' | 'intervening', number>>;
  const warm = run(footprint, 0, settings);
  const job = intervening === 0 ? warm : run(footprint, intervening, settings);
  return {
    cycles: job.cycles,
    reload: job.cycles - warm.cycles,
    slower: job.cycles / warm.cycles,
    misses: job.misses,
  };
}

/** Threads that take turns on one hart, job by job: as many run in between as there are others. */
function run(
  footprint: number,
  intervening: number,
  settings: Settings,
): { readonly cycles: number; readonly misses: number } {
  const turn = 6000 + footprint * 4000;
  const span = (intervening + 1) * turn;
  const { merits, recorder } = runLoad(
    {
      preset: 'cc-numa',
      choice: { harts: 1, set: { l1: { size: CACHE * KIBIBYTE, ways: 4, line: LINE } } },
      options: { slice: SLICE },
      words: {
        threads: intervening + 1,
        footprint: footprint * KIBIBYTE,
        service: settings.parameters['service'] as number,
        think: 0,
        spread: 0,
      },
      warm: 2 * span,
      cycles: (settings.parameters['jobs'] as number) * span,
    },
    settings,
  );
  const { from, to } = merits.period;
  const jobs = recorder.jobs.filter(({ begun, ended }) => begun >= from && ended <= to);
  return {
    cycles: jobs.reduce((sum, { begun, ended }) => sum + ended - begun, 0) / jobs.length,
    misses: merits.missesPerJob ?? 0,
  };
}

const reloadOf = (rows: readonly Row[], footprint: number, intervening = MOST): number =>
  figure(rows, 'reload', { footprint, intervening });

/** How often the reload gets shorter from one footprint that fits the cache to the next. */
function falls(rows: readonly Row[]): number {
  const curve = pick(rows, { intervening: MOST })
    .filter((row) => numberIn(row, 'footprint') <= CACHE)
    .toSorted((a, b) => numberIn(a, 'footprint') - numberIn(b, 'footprint'));
  return curve.filter(
    (row, index) => index > 0 && numberIn(row, 'reload') <= numberIn(curve[index - 1] as Row, 'reload'),
  ).length;
}

const CLAIMS: readonly Claim[] = [
  {
    id: 'reload-grows',
    text: `“Time to reload cache increases with memory footprint”: how often it does not, up to the size of the cache, ${MOST} threads in between.`,
    source: NOTES,
    paper: { value: 'increases', tag: 'F' },
    band: exactly(0),
    measured: falls,
  },
  {
    id: 'reload-is-proportional',
    text: 'What is reloaded is the footprint: reload of 16 KiB / of 4 KiB, which is four times as much.',
    source: 'our own arithmetic',
    paper: null,
    band: atLeast(3),
    measured: (rows) => reloadOf(rows, 16) / reloadOf(rows, 4),
  },
  {
    id: 'intervening-threads-pollute',
    text: `“Intervening threads pollute”: cycles of reload for each line of 8 KiB, with ${MOST} in between less with 1.`,
    source: 'CS6210 notes, Scheduling: shortcoming of cache affinity',
    paper: null,
    band: atLeast(50),
    measured: (rows) => (reloadOf(rows, 8) - reloadOf(rows, 8, 1)) / (8 * (KIBIBYTE / LINE)),
  },
  {
    id: 'one-in-between-is-enough',
    text: `“If another thread was scheduled in between, the original thread’s contents won’t be in cache”: reload of 8 KiB with 1 in between / with ${MOST}.`,
    source: 'CS6210 notes, Scheduling: Cache Affinity Scheduling',
    paper: { value: 'won’t be in cache', tag: 'F' },
    band: atLeast(0.5),
    measured: (rows) => ({
      value: reloadOf(rows, 8, 1) / reloadOf(rows, 8),
      note: `it takes as many as do not fit the cache together: with 32 KiB ${(reloadOf(rows, CACHE, 1) / reloadOf(rows, CACHE)).toFixed(2)}`,
    }),
  },
  {
    id: 'too-large-for-affinity',
    text: 'A footprint beyond the cache is reloaded whoever ran: cycles of a job of 64 KiB with 8 in between / with none.',
    source: 'our own arithmetic',
    paper: null,
    band: atMost(1.1),
    measured: (rows) => figure(rows, 'slower', { footprint: 64, intervening: MOST }),
  },
];

export const footprint: Experiment = {
  id: 'footprint',
  summary: 'Memory footprint against the time to reload a cache, by how many threads ran in between.',
  question:
    'How long does a thread take to reload its cache, by the size of its memory footprint and by how many threads ' +
    'have had the hart since?',
  sources: ['CS6210 notes, figure “Memory Footprint vs Cache Reload Time”'],
  factors: {
    footprint: {
      summary: 'KiB that a job touches',
      values: [1, 2, 4, 8, 16, 32, 64],
      quick: [4, 8, 16, 32, 64],
      range: { min: 1, max: 256 },
    },
    intervening: {
      summary: 'threads with the same footprint that run in between',
      values: [0, 1, 2, 4, 8],
      quick: [1, 8],
      range: { min: 0, max: 64 },
    },
  },
  parameters: {
    jobs: { summary: 'jobs of each thread, about', default: 8, quick: 3, min: 2, max: 1000 },
    service: { summary: 'cycles that a job computes', default: 4000, quick: 4000, min: 0, max: 1_000_000 },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode', 'l1'],
  columns: [
    { key: 'footprint', summary: 'memory that a job touches', unit: 'KiB' },
    { key: 'intervening', summary: 'threads that run in between' },
    { key: 'cycles', summary: 'of a job', unit: 'cycles', digits: 0 },
    { key: 'reload', summary: 'more than of a job with nobody in between', unit: 'cycles', digits: 0 },
    { key: 'slower', summary: 'cycles of a job / with nobody in between', digits: 2 },
    { key: 'misses', summary: 'first-level misses for each job, the kernel’s included', digits: 0 },
  ],
  measure,
  claims: CLAIMS,
  tables: [
    {
      title: 'Cycles to reload the cache, by how many threads ran in between',
      down: ['footprint'],
      across: { key: 'intervening', show: 'reload' },
    },
    {
      title: 'Cycles of a job / of one with nobody in between',
      down: ['footprint'],
      across: { key: 'intervening', show: 'slower' },
    },
  ],
  figures: [
    {
      name: 'reload',
      title: 'Cache reload time by memory footprint',
      x: { key: 'footprint', label: 'footprint, KiB', scale: 'log2' },
      y: { key: 'reload', label: 'cycles to reload', scale: 'linear' },
      series: { key: 'intervening', label: 'threads in between' },
      where: (row) => row['intervening'] !== 0,
    },
  ],
};
