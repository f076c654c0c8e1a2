/** Carries out `eddy bench`. */
import type { Host } from '../cli/host.ts';
import { progressFor } from '../view/progress-bar.ts';
import { bareResumeNs } from './bare-resume.ts';
import { faultsPerSecond } from './faults.ts';
import { measure, type Measurement } from './measure.ts';
import { WORKLOADS } from './workloads.ts';

/** The document of `eddy bench --json`. */
export interface BenchResult {
  readonly bareResumeNs: number;
  readonly workloads: readonly Measurement[];
  /** Page faults of the program `fault` that the kernel served per host second. */
  readonly faultsPerSecond: number;
  /** Schedules per host second of the schedule explorer; null while there is none. */
  readonly schedulesPerSecond: number | null;
  readonly peakRssMiB: number;
}

const HARTS = [1, 16, 64, 256, 1024];
const INSTRUCTIONS = 4_000_000;
const RESUMES = 4_000_000;
const PAGES = 2048;
const QUICK = 20;

export async function bench(options: { quick?: boolean; json?: boolean }, host: Host): Promise<void> {
  const share = options.quick ? QUICK : 1;
  const runs = WORKLOADS.flatMap((workload) => HARTS.map((harts) => ({ workload, harts })));
  const bar = progressFor(host, 'measuring', runs.length);
  const resume = bareResumeNs(RESUMES / share);
  const workloads = runs.map(({ workload, harts }, index) => {
    bar.update(index);
    return measure(workload, harts, INSTRUCTIONS / share, resume);
  });
  // Once before it counts: the host's compiler has not seen the kernel yet.
  faultsPerSecond(Math.ceil(PAGES / share / 4));
  const result: BenchResult = {
    bareResumeNs: resume,
    workloads,
    faultsPerSecond: Math.round(faultsPerSecond(Math.ceil(PAGES / share))),
    schedulesPerSecond: null,
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  bar.done();
  if (options.json) host.out(`${JSON.stringify(result, null, 2)}\n`);
  else await print(result, host);
}

async function print(result: BenchResult, host: Host): Promise<void> {
  const { drawBench } = await import('../view/bench-table.ts');
  host.out(drawBench(result, host));
}
