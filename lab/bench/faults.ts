/** How many page faults the emulator gets through per host second, kernel and all. */
import { presetConfig } from '../../hw/presets.ts';
import fault from '../../userland/programs/fault.ts';
import type { RunPlan } from '../run/plan.ts';
import { RunSession } from '../run/session.ts';
import { parameterWords } from '../settings/parameters.ts';
import { secondsOf } from './measure.ts';

/** Runs `fault` with so many anonymous pages on one hart. */
export function faultsPerSecond(pages: number): number {
  const session = new RunSession(planFor(pages));
  const seconds = secondsOf(() => {
    const ending = session.run();
    if (ending.kind !== 'exited' || ending.status !== 0)
      throw new Error(`the program fault failed: ${ending.kind}`);
  });
  return session.machine.counters.total('pageFaults') / seconds;
}

const planFor = (pages: number): RunPlan => ({
  program: fault,
  config: presetConfig('cc-numa', { harts: 1, seed: 1 }),
  parameters: parameterWords(fault, new Map([['pages', String(pages)]])),
  kernelOptions: {},
  bare: false,
  limits: { steps: 1e9, cycles: Number.POSITIVE_INFINITY, watchdogSeconds: 5 },
  describe: String,
});
