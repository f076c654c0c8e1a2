/** Scenes for a scheduler under a kernel, and what they say of themselves. */
import { Machine } from '../../../hw/machine.ts';
import { bootKernel, type KernelOptions } from '../../../kernel/index.ts';
import type { Program } from '../../../userland/index.ts';
import { parameterWordsOf } from '../../settings/parameters.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';

/** Longer than any scene: threads give their harts up by themselves. */
const SLICE = 1 << 29;
const MEMORY = 8 << 20;
const MOST_CYCLES = 1e9;
const KIBIBYTE = 1024;

/**
 * Runs a scene on harts that are all equally far from memory, and gives the numbers of its lines `check NAME: ok … N …`.
 * @throws NotMeasured when there is no such machine, or no such policy
 */
export function runScene(
  program: Program,
  words: Readonly<Record<string, number>>,
  options: KernelOptions,
  settings: Settings,
): (check: string) => number {
  const set = { memoryPerNode: MEMORY, l1: { size: 32 * KIBIBYTE, ways: 4, line: 64 } };
  const machine = new Machine(configFor('cc-numa', { harts: 3, nodes: 1, set }, settings));
  const parameters = parameterWordsOf(program, words);
  try {
    bootKernel(machine, { entry: program.entry, parameters, options: { slice: SLICE, ...options } });
  } catch (error) {
    if (error instanceof RangeError) throw new NotMeasured(error.message);
    throw error;
  }
  const stop = machine.run({ cycles: MOST_CYCLES });
  const said = machine.console.text();
  if (stop.kind !== 'halted' || stop.status !== 0)
    throw new Error(`${program.name} failed: ${JSON.stringify(stop)} ${said}`);
  return (check) => Number(new RegExp(`^check ${check}: ok \\D*(\\d+)`, 'm').exec(said)?.[1]);
}
