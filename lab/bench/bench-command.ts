/** Carries out `eddy bench`. */
import { EXIT, UsageError } from '../cli/exit.ts';
import type { Host } from '../cli/host.ts';
import { progressFor } from '../view/progress-bar.ts';
import { bareResumeNs } from './bare-resume.ts';
import { type Comparison, compare, readResult } from './comparison.ts';
import { type CrowdMeasurement, measureCrowd } from './crowd.ts';
import { EXACT_WORKLOADS } from './exact-workloads.ts';
import { measureFaults } from './faults.ts';
import { type Footprint, measureFootprint } from './footprint.ts';
import { EXACT_HARTS, type ExactMeasurement, measureExact } from './measure-exact.ts';
import { measure, type Measurement } from './measure.ts';
import { schedulesPerSecond } from './schedules.ts';
import { WORKLOADS } from './workloads.ts';

/** The document of `eddy bench --json`. */
export interface BenchResult {
  /** Whether only a share of the work was done: such a result compares with its like only. */
  readonly quick: boolean;
  readonly bareResumeNs: number;
  readonly workloads: readonly (Measurement | ExactMeasurement)[];
  /** Page faults that find their page in memory, of 16 harts together (the program `micro`), per host second. */
  readonly faultsPerSecond: number;
  /** Schedules per host second of the schedule explorer; null from versions that had none. */
  readonly schedulesPerSecond: number | null;
  /** What harts that spin cost beside harts in wfi. */
  readonly crowd: CrowdMeasurement;
  /** Host memory of the largest machine. */
  readonly footprint: Footprint;
  readonly peakRssMiB: number;
  /** With --against: how it compares with an earlier result. */
  readonly against?: Comparison;
}

export interface BenchOptions {
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly against?: string;
}

const HARTS = [1, 16, 64, 256, 1024];
const MOST_HARTS = 1024;
const INSTRUCTIONS = 4_000_000;
const EXACT_ACCESSES = 2_000_000;
const CROWD_INSTRUCTIONS = 1_000_000;
const BYTES_PER_HART = 256 * 1024;
const RESUMES = 4_000_000;
/** For each hart that faults. */
const PAGES = 512;
const SCHEDULES = 2000;
const QUICK = 20;

/** Gives the exit status. */
export async function bench(options: BenchOptions, host: Host): Promise<number> {
  const before = options.against === undefined ? undefined : readResult(options.against);
  const quick = options.quick === true;
  if (before !== undefined && (before.quick ?? quick) !== quick)
    throw new UsageError(
      `--against ${options.against}: it was measured ${quick ? 'without' : 'with'} --quick; do so here, too`,
    );
  const measured = await measureAll(quick, host);
  const against = before && compare(options.against as string, before, measured);
  const result: BenchResult = { ...measured, ...(against === undefined ? {} : { against }) };
  if (options.json) host.out(`${JSON.stringify(result, null, 2)}\n`);
  else await print(result, host);
  return against !== undefined && against.regressions.length > 0 ? EXIT.checkFailed : EXIT.ok;
}

async function measureAll(quick: boolean, host: Host): Promise<BenchResult> {
  const share = quick ? QUICK : 1;
  const resume = bareResumeNs(RESUMES / share);
  const instructions = INSTRUCTIONS / share;
  const runs = [
    ...WORKLOADS.flatMap((workload) =>
      HARTS.map((harts) => () => measure(workload, harts, instructions, resume)),
    ),
    ...EXACT_WORKLOADS.flatMap((workload) =>
      EXACT_HARTS.map((harts) => () => measureExact(workload, harts, EXACT_ACCESSES / share, resume)),
    ),
  ];
  const bar = progressFor(host, 'measuring', runs.length);
  const workloads = runs.map((run, index) => {
    bar.update(index);
    return run();
  });
  // Once before it counts: the host's compiler has not seen the explorer yet.
  schedulesPerSecond(SCHEDULES / share);
  const faulted = measureFaults(Math.ceil(PAGES / share));
  const result = {
    quick,
    bareResumeNs: resume,
    workloads,
    faultsPerSecond: Math.round(faulted.faults / faulted.seconds),
    schedulesPerSecond: Math.round(schedulesPerSecond(SCHEDULES / share)),
    crowd: measureCrowd(MOST_HARTS, CROWD_INSTRUCTIONS),
    footprint: await measureFootprint({ harts: MOST_HARTS, bytesPerHart: quick ? 4096 : BYTES_PER_HART }),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  bar.done();
  return result;
}

async function print(result: BenchResult, host: Host): Promise<void> {
  const { drawBench } = await import('../view/bench-table.ts');
  host.out(drawBench(result, host));
}
