/** What is to be run, on what, and how far. */
import type { MachineConfig } from '../../hw/config.ts';
import type { KernelOptions, ServerStart } from '../../kernel/index.ts';
import type { Program } from '../../userland/program.ts';
import type { Schedule } from '../explore/schedule.ts';

export interface RunPlan {
  readonly program: Program;
  readonly config: MachineConfig;
  /** The program's parameter words, in the order of their declaration. */
  readonly parameters: readonly number[];
  readonly kernelOptions: KernelOptions;
  /** Without a kernel: one thread on every hart. */
  readonly bare: boolean;
  /** What the disk begins with; the rest is zero. */
  readonly disk?: Uint8Array;
  /** Servers that are started beside the program, for that disk. */
  readonly servers?: readonly ServerStart[];
  /** The file that the disk is, and stays: `eddy run` writes to it what the disk writes. */
  readonly diskFile?: string;
  /** Who acts next; if left out, time decides. */
  readonly schedule?: Schedule;
  /** With a schedule: it says when device events come, too (`machine.chooseEvents`). */
  readonly choosesEvents?: boolean;
  readonly limits: Limits;
  /** An exception of the program's in one line, with the place in the user's file if it lies there. */
  describe(error: unknown): string;
}

export interface Limits {
  /** Instructions issued by all harts together. */
  readonly steps: number;
  /** Cycles of emulated time. */
  readonly cycles: number;
  /** Host seconds that a program may compute without yielding an instruction. */
  readonly watchdogSeconds: number;
}
