/**
 * A case of the fuzzer: a program, the machine, kernel and faults that it meets, and who decides about the order.
 * case-text.ts writes it down and reads it.
 */
import type { MachineConfig } from '../../hw/config.ts';
import type { KernelOptions } from '../../kernel/index.ts';
import type { SurvivedFault } from './fault-text.ts';
import type { UserProgram } from '../testing/programs/user-program.ts';

export type CaseSchedule =
  /** The order of time. */
  | { readonly kind: 'timed' }
  /** Any of those who can act, at each step. */
  | { readonly kind: 'random'; readonly seed: number }
  /** A schedule as text: which actors there are depends on the machine. */
  | { readonly kind: 'switches'; readonly text: string };

export interface FuzzCase {
  readonly config: MachineConfig;
  readonly kernelOptions: KernelOptions;
  readonly faults: readonly SurvivedFault[];
  readonly schedule: CaseSchedule;
  readonly program: UserProgram;
}

export const TIMED: CaseSchedule = { kind: 'timed' };
