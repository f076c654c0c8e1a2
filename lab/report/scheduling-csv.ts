/** What the report on scheduling was made from, as comma-separated values: a row for each job, and for each slice. */
import type { Job, Slice } from './slices.ts';

const JOB = [
  'process',
  'thread',
  'hart',
  'ready',
  'begun',
  'ended',
] as const satisfies readonly (keyof Job)[];
const SLICE = [
  'hart',
  'process',
  'thread',
  'start',
  'end',
  'misses',
  'stall',
] as const satisfies readonly (keyof Slice)[];

export const jobsCsv = (jobs: readonly Job[]): string => csv(JOB, jobs);
export const slicesCsv = (slices: readonly Slice[]): string => csv(SLICE, slices);

const csv = <K extends string>(keys: readonly K[], rows: readonly Readonly<Record<K, number>>[]): string =>
  [keys.join(','), ...rows.map((row) => keys.map((key) => row[key]).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
