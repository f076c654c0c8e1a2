/** Kernel code on the harts of a booted kernel without a process: what tests of the kernel heap and frames run on. */
import type { MachineConfig } from '../../../hw/config.ts';
import { type Code, csrRead } from '../../../hw/isa/index.ts';
import type { Machine, Stop } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import type { KernelOptions } from '../../../kernel/index.ts';
import { KernelMachine } from '../../../lab/experiments/framework/kernel-machine.ts';

export interface Choice {
  readonly preset?: string;
  readonly harts?: number;
  readonly nodes?: number;
  readonly seed?: number;
  readonly options?: KernelOptions;
  readonly set?: Partial<MachineConfig>;
}

/** A machine whose kernel has booted and whose harts do nothing. */
export function onKernel(choice: Choice = {}): KernelMachine {
  const { preset = 'cc-numa', harts = 4, seed = 1, options = {}, set = {}, nodes } = choice;
  const perNode = nodes === undefined ? {} : { nodes, coresPerNode: harts / nodes };
  const small = { memoryPerNode: 1 << 20, ...perNode, ...set };
  return new KernelMachine(presetConfig(preset, { harts, seed, set: small }), options);
}

/** Runs programs one after the other, each on its hart, until one stops the machine or all have ended. */
export function inTurn(machine: Machine, turns: readonly (readonly [number, () => Code])[]): Stop {
  for (const [hart, program] of turns) {
    machine.start(hart, program);
    const stop = machine.run();
    if (stop.kind !== 'finished') return stop;
  }
  return { kind: 'finished' };
}

/** This hart's HART. */
export function* here(): Code<number> {
  return yield csrRead('slocal');
}

/** The kernel heap by each of its organizations, unchecked and checked. */
export const HEAP_OPTIONS: readonly KernelOptions[] = [
  {},
  { heapChecked: true },
  { heap: 'global' },
  { heap: 'global-spin', heapChecked: true },
];
