/** Runs a program under the kernel, on a machine of its own, with faults if there are to be some. */
import type { MachineConfig } from '../../hw/config.ts';
import type { Fault } from '../../hw/faults/fault.ts';
import type { Code } from '../../hw/isa/index.ts';
import { Machine, type Stop } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { bootKernel, type KernelOptions, type ServerStart } from '../../kernel/index.ts';
import { parameterWordsOf } from '../settings/parameters.ts';
import type { Program } from '../../userland/program.ts';

/** What to run a program on. All of it can be left out. */
export interface RunChoice {
  /** Default: 2 harts of `cc-numa`, with 2 MiB and a disk of 1,024 blocks, which is built in no time. */
  readonly config?: MachineConfig;
  readonly kernelOptions?: KernelOptions;
  readonly faults?: readonly Fault[];
  /** Values of the program's parameters by name; the others keep their defaults. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** What the disk holds before the run: the disk of a machine that has stopped, for instance. */
  readonly disk?: Uint8Array;
  /** Servers that are started beside the program: `fileServers` for one that uses files. */
  readonly servers?: readonly ServerStart[];
  /** Steps at most. Default 20,000,000. */
  readonly steps?: number;
}

/** A run that has stopped. */
export interface Ran {
  readonly machine: Machine;
  readonly stop: Stop;
  /** What was printed, the kernel's own lines included. */
  readonly output: string;
  /** What the disk holds now. */
  readonly disk: Uint8Array;
}

/** Anything that the kernel can start as its first process. */
export type Startable = Program | ((argument: number, threadBlock: number) => Code<number | void>);

const MOST_STEPS = 20_000_000;
const SMALL = { memoryPerNode: 2 << 20, disk: { blocks: 1024, seek: 20_000, transfer: 500 } };

/**
 * Builds the machine and boots the kernel with a program; nothing has run yet.
 * @throws RangeError when the kernel does not run on such a machine
 */
export function startKernel(program: Startable, choice: Omit<RunChoice, 'steps'> = {}): Machine {
  const { faults = [], kernelOptions: options = {}, servers = [] } = choice;
  const config = choice.config ?? presetConfig('cc-numa', { harts: 2, set: SMALL });
  const machine = new Machine(config, { faults });
  // A larger disk keeps what does not fit; a smaller one leaves the rest empty.
  if (choice.disk !== undefined) machine.disk.image.set(choice.disk.subarray(0, machine.disk.image.length));
  if (typeof program === 'function') {
    bootKernel(machine, { entry: program, options, servers });
  } else {
    const parameters = parameterWordsOf(program, choice.parameters ?? {});
    bootKernel(machine, { entry: program.entry, parameters, options, servers });
  }
  return machine;
}

/**
 * Runs a program under the kernel until it ends, fails, or has taken its steps.
 * @throws RangeError when the kernel does not run on such a machine
 */
export function runKernel(program: Startable, choice: RunChoice = {}): Ran {
  const machine = startKernel(program, choice);
  const stop = machine.run({ instructions: choice.steps ?? MOST_STEPS });
  return { machine, stop, output: machine.console.text(), disk: machine.disk.image };
}
