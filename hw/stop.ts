/** How runs of a machine end, and what limits them. */

/** Why a run stopped. */
export type Stop =
  /** Somebody wrote the power register. */
  | { readonly kind: 'halted'; readonly status: number }
  /** The power failed (faults/fault.ts). The disks are as it left them. */
  | { readonly kind: 'powerLost'; readonly cycle: number }
  /** Every program that was started has ended (machines without a kernel). */
  | { readonly kind: 'finished' }
  | { readonly kind: 'budget'; readonly what: 'instructions' | 'cycles' }
  /** No hart can ever act again: each waits or spins, and no event is due. */
  | { readonly kind: 'deadlock' }
  | { readonly kind: 'panic'; readonly hart: number; readonly code: number; readonly context: number }
  /** Supervisor code threw, or trapped where no handler was set. */
  | {
      readonly kind: 'crashed';
      readonly hart: number;
      readonly context: number;
      readonly message: string;
      readonly error?: unknown;
    }
  /** The arbiter ended the run, or `pause` did. It can be gone on with. */
  | { readonly kind: 'arbiter' };

/** A JavaScript exception that ended a user program. */
export interface ProgramException {
  readonly hart: number;
  readonly context: number;
  readonly error: unknown;
}

/** Limits of one run; what is left out is unlimited. */
export interface Budget {
  /** Steps: instructions issued and traps taken. */
  readonly instructions?: number;
  /** Absolute cycle. */
  readonly cycles?: number;
}
