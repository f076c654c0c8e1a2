/** Measures one workload on one machine. */
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import type { Workload } from './workloads.ts';

export interface Measurement {
  readonly id: string;
  readonly harts: number;
  readonly instructions: number;
  readonly instructionsPerSecond: number;
  /** Host time per instruction as a multiple of a bare generator resume. */
  readonly costRatio: number;
}

/** Host seconds that a call took. */
export function secondsOf(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/**
 * Runs a workload until about `instructions` have completed.
 * @param resumeNs nanoseconds of a bare generator resume in this process
 */
export function measure(
  workload: Workload,
  harts: number,
  instructions: number,
  resumeNs: number,
): Measurement {
  const rounds = Math.max(10, Math.ceil(instructions / workload.working(harts) / 2));
  // A tenth of the work first: the host's compiler is to have seen all of it.
  runOnce(workload, harts, Math.ceil(rounds / 10));
  const { machine, seconds } = runOnce(workload, harts, rounds);
  const done = machine.counters.total('instructions');
  return {
    id: workload.id,
    harts,
    instructions: done,
    instructionsPerSecond: Math.round(done / seconds),
    costRatio: (seconds * 1e9) / done / resumeNs,
  };
}

function runOnce(
  { procedure }: Workload,
  harts: number,
  rounds: number,
): { machine: Machine; seconds: number } {
  const machine = new Machine(presetConfig('cc-numa', { harts, seed: 1 }));
  for (let hart = 0; hart < harts; hart++) machine.start(hart, procedure, hart, rounds);
  return { machine, seconds: runToEnd(machine) };
}

/** Host seconds until every program of a machine has ended. */
export const runToEnd = (machine: Machine): number =>
  secondsOf(() => {
    const stop = machine.run();
    if (stop.kind !== 'finished') throw new Error(`the workload did not end: ${stop.kind}`);
  });
