/** Measures one of the exactly defined workloads on the machine that goes with them. */
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import type { ExactWorkload } from './exact-workloads.ts';
import { type Measurement, runToEnd } from './measure.ts';

/** What is known of an exactly defined workload besides. */
export interface ExactMeasurement extends Measurement {
  readonly thousandAccessesPerSecond: number;
  /** Accesses whose line the first-level cache did not hold, and writes to lines that it did not own. */
  readonly missRatio: number;
}

export const EXACT_HARTS = [4, 16, 64] as const;
const L1 = { size: 32 * 1024, ways: 8, line: 64 };
/** Runs of which the fastest counts: the host does other things, too. */
const RUNS = 3;

/** @param resumeNs nanoseconds of a bare generator resume in this process */
export function measureExact(
  workload: ExactWorkload,
  harts: number,
  accesses: number,
  resumeNs: number,
): ExactMeasurement {
  const runs = Array.from({ length: RUNS }, () => runExact(workload, harts, accesses));
  const { machine, seconds } = runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
  const done = machine.counters.total('instructions');
  const missed = machine.counters.total('l1Misses') + machine.counters.total('upgrades');
  return {
    id: workload.id,
    harts,
    instructions: done,
    instructionsPerSecond: Math.round(done / seconds),
    costRatio: (seconds * 1e9) / done / resumeNs,
    thousandAccessesPerSecond: Math.round(done / seconds / 1000),
    missRatio: missed / done,
  };
}

function runExact(
  { procedure }: ExactWorkload,
  harts: number,
  accesses: number,
): { machine: Machine; seconds: number } {
  const machine = new Machine(presetConfig('cc-numa', { harts, seed: 1, set: { l1: L1 } }));
  const program = procedure(harts, accesses);
  for (let hart = 0; hart < harts; hart++) machine.start(hart, program, hart);
  return { machine, seconds: runToEnd(machine) };
}
