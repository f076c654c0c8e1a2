/**
 * How many page faults the emulator gets through per host second, kernel and all: those that find their page in memory.
 *
 * The program is `micro`: on each of 16 harts a thread touches pages of its own that were unmapped before. Booting, making
 * threads and filling pages take more time than the faults, and do not count. A first run, which is traced, tells from
 * which cycle until which there is nothing but faults; a second, the same to the cycle, is timed there.
 */
import { presetConfig } from '../../hw/presets.ts';
import micro from '../../userland/programs/micro.ts';
import { recordStretches } from '../experiments/ppc/place-events.ts';
import type { RunPlan } from '../run/plan.ts';
import { RunSession } from '../run/session.ts';
import { parameterWords } from '../settings/parameters.ts';
import { secondsOf } from './measure.ts';

/** Harts that fault at the same time. */
export const FAULTING_HARTS = 16;

/** What was timed. */
export interface FaultMeasurement {
  readonly faults: number;
  readonly seconds: number;
}

/** Times the faults of 16 harts, on so many pages each. @throws Error when the program fails */
export function measureFaults(pages: number): FaultMeasurement {
  const plan = planFor(pages);
  const traced = new RunSession(plan);
  const stretches = recordStretches(traced.machine, 'begin', 'end');
  const ending = traced.run();
  if (ending.kind !== 'exited' || ending.status !== 0)
    throw new Error(`the program micro failed: ${ending.kind}`);

  const { machine } = started(plan);
  machine.run({ cycles: Math.min(...stretches.map(({ begin }) => begin)) });
  const before = machine.counters.total('pageFaults');
  const seconds = secondsOf(() => void machine.run({ cycles: Math.max(...stretches.map(({ end }) => end)) }));
  return { faults: machine.counters.total('pageFaults') - before, seconds };
}

function started(plan: RunPlan): RunSession {
  const session = new RunSession(plan);
  session.start();
  return session;
}

const planFor = (pages: number): RunPlan => ({
  program: micro,
  config: presetConfig('cc-numa', { harts: FAULTING_HARTS, seed: 1 }),
  parameters: parameterWords(micro, new Map([['operations', String(pages)]])),
  kernelOptions: {},
  bare: false,
  limits: { steps: 1e9, cycles: Number.POSITIVE_INFINITY, watchdogSeconds: 5 },
  describe: String,
});
