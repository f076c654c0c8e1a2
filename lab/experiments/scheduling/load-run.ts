/** The program `load` under a kernel, and its figures of merit: what all experiments on scheduling measure. */
import { Machine } from '../../../hw/machine.ts';
import type { PresetChoice } from '../../../hw/presets.ts';
import { bootKernel, type KernelOptions } from '../../../kernel/index.ts';
import load from '../../../userland/programs/load.ts';
import { type Merits, meritsOf } from '../../report/merits.ts';
import { SliceRecorder } from '../../report/slices.ts';
import { parameterWordsOf } from '../../settings/parameters.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';

/** Memory of the machine: the kernel, and 256 threads with stacks and footprints. */
const MEMORY = 32 << 20;
/** Cycles between two looks whether the first job has begun, and of that many looks the last. */
const LOOK_EVERY = 50_000;
const MOST_LOOKS = 2000;
/** The program would go on for longer than anybody measures: it is cut off, since its end may have to wait for ever. */
const ENDLESS = 1 << 30;

export interface LoadRun {
  readonly preset: string;
  readonly choice: PresetChoice & { readonly harts: number };
  readonly options: KernelOptions;
  /** Parameters of the program; the others keep their defaults. */
  readonly words: Readonly<Record<string, number>>;
  /** Cycles from the first job to the measured period, and its length. */
  readonly warm: number;
  readonly cycles: number;
}

export interface LoadOutcome {
  readonly merits: Merits;
  readonly recorder: SliceRecorder;
}

/**
 * Runs it.
 * @throws NotMeasured when there is no such machine, or no such policy
 */
export function runLoad(
  { preset, choice, options, words, warm, cycles }: LoadRun,
  settings: Settings,
): LoadOutcome {
  const { nodes } = configFor(preset, choice, settings);
  const set = { memoryPerNode: 2 ** Math.floor(Math.log2(MEMORY / nodes)), ...choice.set };
  const machine = new Machine(configFor(preset, { ...choice, set }, settings));
  const recorder = new SliceRecorder(machine);
  const parameters = parameterWordsOf(load, { ...words, seed: 1 + settings.seed, warm: ENDLESS });
  try {
    bootKernel(machine, { entry: load.entry, parameters, options });
  } catch (error) {
    if (error instanceof RangeError) throw new NotMeasured(error.message);
    throw error;
  }
  const from = firstJob(machine, recorder) + warm;
  const period = { from, to: from + cycles };
  const stop = machine.run({ cycles: period.to });
  recorder.close();
  if (stop.kind !== 'budget')
    throw new Error(`load ended too soon: ${JSON.stringify(stop)} ${machine.console.text()}`);
  const { slices, jobs } = recorder;
  return { merits: meritsOf({ slices, jobs, period, harts: machine.harts }), recorder };
}

/** Runs until all threads have been made, and the first of them has told of a job. */
function firstJob(machine: Machine, recorder: SliceRecorder): number {
  for (let look = 1; look <= MOST_LOOKS; look++) {
    machine.run({ cycles: look * LOOK_EVERY });
    if (recorder.firstJobAt !== undefined) return recorder.firstJobAt;
  }
  throw new Error(`load did not begin: ${machine.console.text()}`);
}
