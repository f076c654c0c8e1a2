/** The machines and schedules on which every lock and barrier is tried. */
import { Machine, type Stop } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import { type BareEnv, type Code, program } from '../../../userland/index.ts';

export interface Trial {
  readonly preset: string;
  readonly coherence: 'invalidate' | 'update' | 'none';
  /** Entries of each hart's store buffer. */
  readonly storeBuffer: number;
  readonly harts: number;
  readonly seed: number;
  /** Who acts next: the hart whose clock is earliest, or any. */
  readonly schedule: 'timed' | 'random';
}

const MACHINES: readonly Pick<Trial, 'preset' | 'coherence' | 'storeBuffer'>[] = [
  { preset: 'smp', coherence: 'invalidate', storeBuffer: 0 },
  { preset: 'smp', coherence: 'update', storeBuffer: 0 },
  { preset: 'smp', coherence: 'invalidate', storeBuffer: 4 },
  { preset: 'cc-numa', coherence: 'invalidate', storeBuffer: 0 },
  { preset: 'dance-hall', coherence: 'invalidate', storeBuffer: 0 },
  { preset: 'symmetry', coherence: 'invalidate', storeBuffer: 0 },
  { preset: 'ncc-numa', coherence: 'none', storeBuffer: 0 },
  { preset: 'butterfly', coherence: 'none', storeBuffer: 0 },
];
/** How many harts a trial can have; all but the first may be anything on machines with nodes of one or of four. */
const HARTS = [2, 1, 3, 4, 8, 5, 16, 12, 7];
const HARTS_PER_MACHINE = process.env['EDDY_DEEP'] ? 9 : 2;
const SEEDS = process.env['EDDY_DEEP'] ? 5 : 1;
const SCHEDULES = ['timed', 'random'] as const;
const STEPS = 3_000_000;
/** Little, since each trial's machine must clear its own. */
const MEMORY = 1 << 20;

/** Machine m takes its numbers of harts from place 2m on, so that all numbers occur. */
const hartsOf = (machine: number): number[] =>
  Array.from({ length: HARTS_PER_MACHINE }, (_, index) => {
    const harts = HARTS[(2 * machine + index) % HARTS.length] as number;
    const { preset } = MACHINES[machine] as Trial;
    // A node of these machines has four harts.
    return preset.endsWith('-numa') && harts > 4 ? 4 * Math.ceil(harts / 4) : harts;
  });

export const TRIALS: readonly Trial[] = MACHINES.flatMap((machine, place) =>
  hartsOf(place).flatMap((harts) =>
    Array.from({ length: SEEDS }, (_, seed) => seed + harts).flatMap((seed) =>
      SCHEDULES.map((schedule) => ({ ...machine, harts, seed, schedule })),
    ),
  ),
);

/** Those in which time passes for all harts alike, so that `work` sets who comes first. */
export const TIMED_TRIALS = TRIALS.filter(({ schedule }) => schedule === 'timed');

/** For the title of a test. */
export const TRIAL = '$preset, $coherence, $storeBuffer stores, $harts harts, seed $seed, $schedule';

export interface Outcome {
  readonly stop: Stop;
  /** A word of the harts' shared memory as it was in the end. */
  word(offset: number): number;
}

/** Runs a procedure on every hart, without a kernel. */
export function tryBare(trial: Trial, bare: (env: BareEnv) => Code): Outcome {
  const { preset, coherence, storeBuffer, harts, seed, schedule } = trial;
  const machine = new Machine(
    presetConfig(preset, { harts, seed, set: { coherence, storeBuffer, memoryPerNode: MEMORY } }),
  );
  const memory = startBare(machine, program({ name: 'trial', summary: 'A test', *main() {}, bare }), []);
  const stop =
    schedule === 'timed'
      ? machine.run({ instructions: STEPS })
      : machine.runArbitrated(new RandomArbiter(seed), STEPS);
  return { stop, word: (offset) => machine.peek(memory + offset) };
}
