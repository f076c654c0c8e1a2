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
/** No run takes so many instructions unless it never ends. */
const MOST_STEPS = 1e9;

export interface LoadRun {
  readonly preset: string;
  readonly choice: PresetChoice & { readonly harts: number };
  readonly options: KernelOptions;
  /** Parameters of the program; the others keep their defaults. */
  readonly words: Readonly<Record<string, number>>;
}

export interface LoadOutcome {
  readonly merits: Merits;
  readonly machine: Machine;
  readonly recorder: SliceRecorder;
}

/**
 * Runs it.
 * @throws NotMeasured when there is no such machine, or no such policy
 */
export function runLoad({ preset, choice, options, words }: LoadRun, settings: Settings): LoadOutcome {
  const { nodes } = configFor(preset, choice, settings);
  const set = { memoryPerNode: 2 ** Math.floor(Math.log2(MEMORY / nodes)), ...choice.set };
  const machine = new Machine(configFor(preset, { ...choice, set }, settings));
  const recorder = new SliceRecorder(machine);
  const parameters = parameterWordsOf(load, { ...words, seed: 1 + settings.seed });
  try {
    bootKernel(machine, { entry: load.entry, parameters, options });
  } catch (error) {
    if (error instanceof RangeError) throw new NotMeasured(error.message);
    throw error;
  }
  const stop = machine.run({ instructions: MOST_STEPS });
  recorder.close();
  if (stop.kind !== 'halted' || stop.status !== 0)
    throw new Error(`load failed: ${JSON.stringify(stop)} ${machine.console.text()}`);
  const { slices, jobs, period } = recorder;
  return { merits: meritsOf({ slices, jobs, period, harts: machine.harts }), machine, recorder };
}
