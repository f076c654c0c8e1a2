/**
 * Runs a program under the kernel, to the end, and holds the kernel to its invariants there. A program is a
 * plain procedure over instructions; it says with its exit status whether it found what it should: 0 is well.
 */
import { expect } from 'vitest';
import type { MachineConfig } from '../../hw/config.ts';
import { type Code, environmentCall, type Instruction } from '../../hw/isa/index.ts';
import { Machine, type Stop } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { SYSCALL, type SyscallName } from '../../kernel/abi/index.ts';
import { bootKernel, checkInvariants, type KernelOptions } from '../../kernel/index.ts';

export type Entry = (argument: number, threadBlock: number) => Code<number | void>;

export interface Choice {
  readonly preset?: string;
  readonly harts?: number;
  readonly hartsPerCore?: number;
  readonly nodes?: number;
  readonly seed?: number;
  readonly parameters?: readonly number[];
  readonly options?: KernelOptions;
  readonly set?: Partial<MachineConfig>;
  /** Fills the disk before the run. */
  readonly disk?: (image: Uint8Array) => void;
  /** Steps at most. */
  readonly steps?: number;
  /** Looks on. */
  readonly watch?: (machine: Machine) => void;
}

export interface Outcome {
  readonly machine: Machine;
  readonly stop: Stop;
  readonly output: string;
}

/** A step limit that only a hang reaches. */
const MOST_STEPS = 20_000_000;

/** Every machine that tests of the whole kernel run on. */
export const MACHINES = (['cc-numa', 'smp'] as const).flatMap((preset) =>
  [1, 4, 16].map((harts) => ({ preset, harts })),
);

/** Runs a program as the first process. */
export function run(entry: Entry, choice: Choice = {}): Outcome {
  const { preset = 'cc-numa', harts = 4, hartsPerCore = 1, seed = 1 } = choice;
  const { parameters = [], options = {}, set = {}, disk, watch, nodes, steps = MOST_STEPS } = choice;
  const small = { memoryPerNode: 8 << 20, ...set };
  const shape = nodes === undefined ? { harts } : { harts, nodes };
  const machine = new Machine(presetConfig(preset, { ...shape, hartsPerCore, seed, set: small }));
  disk?.(machine.disk.image);
  watch?.(machine);
  bootKernel(machine, { entry, parameters, options });
  const stop = machine.run({ instructions: steps });
  return { machine, stop, output: machine.console.text() };
}

/** Runs a program, and expects the status and, at the end, every invariant and no memory in use. */
export function expectStatus(status: number, entry: Entry, choice: Choice = {}): Outcome {
  const outcome = run(entry, choice);
  expect(outcome.stop, outcome.output).toEqual({ kind: 'halted', status });
  expectInvariants(outcome.machine);
  expect(checkInvariants(outcome.machine).find(({ id }) => id === 'heap')?.detail).toBe('0 blocks in use');
  return outcome;
}

/** Expects every invariant of the kernel to hold. */
export function expectInvariants(machine: Machine): void {
  expect(checkInvariants(machine).filter(({ ok }) => !ok)).toEqual([]);
}

/** A system call by name, to be yielded. */
export const sys = (name: SyscallName, ...words: number[]): Instruction =>
  environmentCall(SYSCALL[name], ...words);

/** Ends the process with `mark` unless two values are equal: the status names the line that failed. */
export function* check(actual: number, expected: number, mark: number): Code {
  if (actual !== expected) yield sys('exit', mark);
}
