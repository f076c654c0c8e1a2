/** An invariant as a test sees it: something that can be asked of a running machine at certain moments. */
import type { Machine } from '../../../hw/machine.ts';

/**
 * When an invariant must hold: `always` between two instructions; `at-rest` when nothing of the kernel is under
 * way (kernel/inspect/at-rest.ts); `end` when the run has come to its end.
 */
export type Holds = 'always' | 'at-rest' | 'end';

export interface Invariant {
  /** Its name in reports. */
  readonly id: string;
  readonly summary: string;
  readonly holds: Holds;
  /**
   * Begins to watch a machine, which has not run yet; gives what to ask.
   * @returns a procedure that says what is broken, a sentence each; nothing if the invariant holds
   */
  watch(machine: Machine): () => readonly string[];
}

/** An invariant that can be seen from the state of the machine alone. */
export const stateInvariant = (
  id: string,
  summary: string,
  holds: Holds,
  broken: (machine: Machine) => readonly string[],
): Invariant => ({ id, summary, holds, watch: (machine) => () => broken(machine) });
