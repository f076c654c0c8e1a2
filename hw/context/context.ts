/**
 * What a hart executes: anything that can give the next instruction when it is told the result of the last.
 *
 * Coroutines (coroutine.ts) are the first implementation; an interpreter of machine code would be another on
 * the same memory system and kernel. A context holds one pending instruction: fetched, but not yet completed,
 * because it trapped or because an interrupt came first.
 */
export interface Context {
  readonly id: number;
  /** The 32 register words. environmentCall puts its arguments here; the kernel saves and restores them. */
  readonly registers: Int32Array;
  /** Whether an instruction was fetched that has not completed. */
  readonly pending: boolean;

  /**
   * Fetches the next instruction into the instruction record, telling the program the last result.
   * A pending instruction is given again.
   */
  fetch(): 'instruction' | 'ended' | 'threw';
  /** Keeps the instruction in the record as pending: it has not taken effect. */
  keep(): void;
  /** Keeps the instruction in the record as pending, changed as it is: what is left of one that was done in part. */
  keepRest(): void;
  /** The fetched (or pending) instruction has completed with this value. */
  complete(value: number): void;
}
