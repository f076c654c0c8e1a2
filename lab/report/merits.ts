/**
 * The figures of merit of scheduling, from slices and jobs: throughput is what the system's owner looks at, response
 * time and its variance what a user does (the notes); utilisation, migrations and misses tell why.
 */
import type { Job, Period, Slice } from './slices.ts';

/** How some times spread, in cycles. */
export interface Times {
  readonly mean: number;
  readonly variance: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
}

/** The field `report.scheduling` of `eddy run --json`. */
export interface Merits {
  readonly period: Period;
  /** Jobs that ended in the period. */
  readonly jobs: number;
  /** Of those, in a million cycles. */
  readonly throughput: number;
  /** From being there to being done; null without jobs. */
  readonly response: Times | null;
  /** From being there to being begun; null without jobs. */
  readonly waiting: Times | null;
  /** Share of the harts' time in which a thread ran. */
  readonly utilisation: number;
  readonly slices: number;
  /** Slices on another hart than the thread's last one. */
  readonly migrations: number;
  /** First-level misses of a slice: the reload of a cache is among them. */
  readonly missesPerSlice: number;
  /** The same of slices after a migration, and of the others; null where there are none. */
  readonly missesMoved: number | null;
  readonly missesStayed: number | null;
  /** Cycles that memory took, in a slice. */
  readonly stallPerSlice: number;
  readonly missesPerJob: number | null;
  readonly threads: readonly ThreadMerits[];
}

export interface ThreadMerits {
  readonly process: number;
  readonly thread: number;
  readonly jobs: number;
  readonly slices: number;
  readonly migrations: number;
  /** Mean; null without jobs. */
  readonly response: number | null;
  /** Cycles on a hart. */
  readonly ran: number;
}

interface Observed {
  readonly slices: readonly Slice[];
  readonly jobs: readonly Job[];
  readonly period: Period;
  readonly harts: number;
}

export function meritsOf({ slices: all, jobs: allJobs, period, harts }: Observed): Merits {
  const { from, to } = period;
  const moved = migrated(all);
  const slices = all.filter(({ start, end }) => start >= from && end <= to);
  const jobs = allJobs.filter(({ ended }) => ended > from && ended <= to);
  const within = all.reduce(
    (sum, { start, end }) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
    0,
  );
  const misses = slices.map((slice) => slice.misses);
  const byMove = (wanted: boolean): number | null =>
    meanOrNull(slices.filter((slice) => moved.has(slice) === wanted).map((slice) => slice.misses));
  const span = Math.max(1, to - from);
  return {
    period,
    jobs: jobs.length,
    throughput: (1e6 * jobs.length) / span,
    response: timesOf(jobs.map(({ ready, ended }) => ended - ready)),
    waiting: timesOf(jobs.map(({ ready, begun }) => Math.max(0, begun - ready))),
    utilisation: within / (harts * span),
    slices: slices.length,
    migrations: slices.filter((slice) => moved.has(slice)).length,
    missesPerSlice: meanOrNull(misses) ?? 0,
    missesMoved: byMove(true),
    missesStayed: byMove(false),
    stallPerSlice: meanOrNull(slices.map(({ stall }) => stall)) ?? 0,
    missesPerJob: jobs.length === 0 ? null : sumOf(misses) / jobs.length,
    threads: perThread(slices, jobs, moved),
  };
}

/** Slices whose thread ran elsewhere before. */
function migrated(slices: readonly Slice[]): ReadonlySet<Slice> {
  const last = new Map<string, number>();
  const moved = new Set<Slice>();
  for (const slice of slices.toSorted((a, b) => a.start - b.start)) {
    const before = last.get(nameOf(slice));
    if (before !== undefined && before !== slice.hart) moved.add(slice);
    last.set(nameOf(slice), slice.hart);
  }
  return moved;
}

function perThread(
  slices: readonly Slice[],
  jobs: readonly Job[],
  moved: ReadonlySet<Slice>,
): ThreadMerits[] {
  const threads = byThread(slices);
  const done = byThread(jobs);
  return [...threads]
    .map(([name, own]) => {
      const { process, thread } = own[0] as Slice;
      const ownJobs = done.get(name) ?? [];
      return {
        process,
        thread,
        jobs: ownJobs.length,
        slices: own.length,
        migrations: own.filter((slice) => moved.has(slice)).length,
        response: meanOrNull(ownJobs.map(({ ready, ended }) => ended - ready)),
        ran: sumOf(own.map(({ start, end }) => end - start)),
      };
    })
    .toSorted((a, b) => a.process - b.process || a.thread - b.thread);
}

/** Mean, variance and percentiles (nearest rank); null of none. */
export function timesOf(values: readonly number[]): Times | null {
  const mean = meanOrNull(values);
  if (mean === null) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] as number;
  const variance = sumOf(values.map((value) => (value - mean) ** 2)) / values.length;
  return { mean, variance, p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), most: rank(1) };
}

function byThread<T extends { readonly process: number; readonly thread: number }>(
  rows: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(nameOf(row));
    if (group === undefined) groups.set(nameOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

const nameOf = ({ process, thread }: { readonly process: number; readonly thread: number }): string =>
  `${process}.${thread}`;
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const meanOrNull = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sumOf(values) / values.length;
