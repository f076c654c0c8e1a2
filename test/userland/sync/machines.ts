/** The machines and schedules on which every lock and barrier is tried. */
import { Machine, type Stop } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import { type BareEnv, type Code, program } from '../../../userland/index.ts';

export interface Trial {
  readonly preset: string;
  readonly harts: number;
  readonly seed: number;
  /** Who acts next: the hart whose clock is earliest, or any. */
  readonly schedule: 'timed' | 'random';
}

const PRESETS = ['smp', 'cc-numa'];
const HARTS = [1, 2, 3, 4, 8, 16];
const SEEDS = Array.from({ length: process.env['EDDY_DEEP'] ? 20 : 2 }, (_, index) => index + 1);
const SCHEDULES = ['timed', 'random'] as const;
const STEPS = 3_000_000;

export const TRIALS: readonly Trial[] = PRESETS.flatMap((preset) =>
  HARTS.flatMap((harts) =>
    SEEDS.flatMap((seed) => SCHEDULES.map((schedule) => ({ preset, harts, seed, schedule }))),
  ),
);

/** Those in which time passes for all harts alike, so that `work` sets who comes first. */
export const TIMED_TRIALS = TRIALS.filter(({ schedule }) => schedule === 'timed');

/** For the title of a test. */
export const TRIAL = '$preset, $harts harts, seed $seed, $schedule';

export interface Outcome {
  readonly stop: Stop;
  /** A word of the harts' shared memory as it was in the end. */
  word(offset: number): number;
}

/** Runs a procedure on every hart, without a kernel. */
export function tryBare({ preset, harts, seed, schedule }: Trial, bare: (env: BareEnv) => Code): Outcome {
  const machine = new Machine(presetConfig(preset, { harts, seed }));
  const memory = startBare(machine, program({ name: 'trial', summary: 'A test', *main() {}, bare }), []);
  const stop =
    schedule === 'timed'
      ? machine.run({ instructions: STEPS })
      : machine.runArbitrated(new RandomArbiter(seed), STEPS);
  return { stop, word: (offset) => machine.peek(memory + offset) };
}
