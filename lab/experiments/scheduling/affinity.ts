/** The experiment `affinity`: policies by load and footprint, each on the same threads with the same random times. */
import type { Cell, Experiment, Row, Settings } from '../framework/experiment.ts';
import { CLAIMS } from './affinity-claims.ts';
import { runLoad } from './load-run.ts';
import { AFFINITY_POLICIES } from './policy-names.ts';

const KIBIBYTE = 1024;
const HARTS = 8;
/** First level, bytes: the footprints of eight threads that need 8 KiB fit together. */
const CACHE = 64 * KIBIBYTE;
const SERVICE = 12_000;
/** Longer than any job: harts change threads where jobs end, as in the model. */
const SLICE = 1 << 24;
/** How much longer than it computes a thread thinks, on average. */
const THINK = 2;

function measure(cell: Cell, settings: Settings): Row {
  const { policy, tasks, footprint } = cell as {
    readonly policy: string;
    readonly tasks: number;
    readonly footprint: number;
  };
  const { merits } = runLoad(
    {
      preset: 'cc-numa',
      choice: { harts: HARTS, nodes: 1, set: { l1: { size: CACHE, ways: 4, line: 64 } } },
      options: { scheduler: policy, slice: SLICE },
      words: {
        threads: tasks,
        footprint: footprint * KIBIBYTE,
        service: SERVICE,
        think: THINK * SERVICE,
      },
      warm: settings.parameters['warm'] as number,
      cycles: settings.parameters['cycles'] as number,
    },
    settings,
  );
  const { response } = merits;
  return {
    jobs: merits.jobs,
    throughput: merits.throughput,
    response: response?.mean ?? null,
    deviation: response === null ? null : Math.sqrt(response.variance),
    p90: response?.p90 ?? null,
    utilisation: merits.utilisation,
    migrations: merits.migrations / Math.max(1, merits.slices),
    misses: merits.missesPerJob,
  };
}

export const affinity: Experiment = {
  id: 'affinity',
  summary: 'Scheduling policies by load and footprint: throughput, response time, migrations, misses.',
  question:
    'Where should a thread run next: on the hart that is free, on the one that it was on, or on the one that remembers ' +
    'it best? How does that depend on the load, and on the size of its footprint?',
  sources: [
    'Squillante & Lazowska, TPDS 4(2), 1993',
    'CS6210 notes, Scheduling',
    'Torrellas, Tucker & Gupta, JPDC 1995',
  ],
  factors: {
    policy: { summary: 'scheduling policy', values: AFFINITY_POLICIES, quick: AFFINITY_POLICIES },
    tasks: {
      summary: `threads, on ${HARTS} harts`,
      values: [8, 12, 16, 64],
      quick: [8, 64],
      range: { min: 1, max: 200 },
    },
    footprint: {
      summary:
        'KiB that a job touches; a cold cache costs it about a tenth of, as much as and twice what it computes',
      values: [1, 8, 16],
      quick: [8],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    cycles: {
      summary: 'length of the measured period',
      default: 2_000_000,
      quick: 500_000,
      min: 50_000,
      max: 1 << 28,
    },
    warm: { summary: 'cycles before it', default: 400_000, quick: 300_000, min: 1000, max: 1 << 28 },
  },
  chooses: ['nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode', 'l1'],
  columns: [
    { key: 'policy', summary: 'scheduling policy' },
    { key: 'tasks', summary: 'threads' },
    { key: 'footprint', summary: 'memory that a job touches', unit: 'KiB' },
    { key: 'jobs', summary: 'jobs that ended in the period' },
    { key: 'throughput', summary: 'jobs in a million cycles', digits: 1 },
    { key: 'response', summary: 'mean time from being ready to being done', unit: 'cycles', digits: 0 },
    { key: 'deviation', summary: 'its standard deviation', unit: 'cycles', digits: 0 },
    { key: 'p90', summary: 'what nine of ten jobs do not exceed', unit: 'cycles', digits: 0 },
    { key: 'utilisation', summary: 'share of the harts’ time in which threads ran', digits: 2 },
    { key: 'migrations', summary: 'share of the slices on another hart than the last', digits: 2 },
    { key: 'misses', summary: 'first-level misses for each job, the kernel’s included', digits: 0 },
  ],
  measure,
  claims: CLAIMS,
  tables: [
    {
      title: 'Throughput, jobs in a million cycles, by the number of threads',
      down: ['footprint', 'policy'],
      across: { key: 'tasks', show: 'throughput' },
    },
    {
      title: 'Mean response time, cycles, by the number of threads',
      down: ['footprint', 'policy'],
      across: { key: 'tasks', show: 'response' },
    },
  ],
  figures: ['throughput', 'response'].map((key) => ({
    name: key,
    title: key === 'throughput' ? 'Throughput by the number of threads' : 'Mean response time',
    x: { key: 'tasks', label: `threads on ${HARTS} harts`, scale: 'log2' as const },
    y: {
      key,
      label: key === 'throughput' ? 'jobs in a million cycles' : 'cycles',
      scale: 'linear' as const,
    },
    series: { key: 'policy', label: 'policy' },
    panelsAcross: 'footprint',
  })),
};
