/** Runs a program under the kernel, on a machine of its own. */
import { Machine, type Stop } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { bootKernel } from '../../kernel/boot/loader.ts';
import type { Program } from '../../userland/index.ts';

export interface KernelTrial {
  readonly preset: string;
  readonly harts: number;
  readonly seed?: number;
}

export interface KernelOutcome {
  readonly stop: Stop;
  readonly lines: readonly string[];
}

const STEPS = 20_000_000;

/** @param words parameter words by name; the others keep their defaults */
export function runUnderKernel(
  program: Program,
  { preset, harts, seed = 1 }: KernelTrial,
  words: Readonly<Record<string, number>> = {},
): KernelOutcome {
  const machine = new Machine(presetConfig(preset, { harts, seed }));
  const parameters = Object.entries(program.parameters).map(
    ([name, { default: word }]) => words[name] ?? word,
  );
  bootKernel(machine, { entry: program.entry, parameters });
  const stop = machine.run({ instructions: STEPS });
  // An expectation that failed inside the program fails the test.
  for (const { error } of machine.exceptions)
    if (error instanceof Error && error.name === 'AssertionError') throw error;
  return { stop, lines: machine.console.text().split('\n').filter(Boolean) };
}

export const KERNEL_TRIALS: readonly KernelTrial[] = [
  { preset: 'smp', harts: 1 },
  { preset: 'smp', harts: 4 },
  { preset: 'cc-numa', harts: 4 },
  { preset: 'cc-numa', harts: 16 },
];
