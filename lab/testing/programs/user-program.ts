/**
 * A user program as data: threads, each a list of operations without branches or loops, so that every program
 * ends unless it waits for something that never comes. It can be written down (text.ts, or JSON as it is), drawn
 * at random (draw.ts), made simpler (simpler.ts) and run (program-of.ts).
 *
 * Thread 0 begins; another thread begins when some operation spawns it by its code address, `@2`. Where a thread
 * is only spawned by ones before it, as in every program that is drawn, the program is finite.
 */

/** A word that an operation is given. */
export type Value =
  | number
  /** The result of an earlier operation of the same thread, by its index, plus some bytes. */
  | { readonly result: number; readonly plus: number }
  /** So many bytes from the thread block, which lies near the top of the thread's stack. */
  | { readonly stack: number }
  /** The code address of a thread. */
  | { readonly code: number };

export interface Operation {
  /** A system call of the table in kernel/abi/syscalls.ts, or an instruction of `INSTRUCTIONS`. */
  readonly name: string;
  readonly arguments: readonly Value[];
}

export interface UserProgram {
  readonly threads: readonly (readonly Operation[])[];
}

/** Operations of all threads together. */
export const operationCount = ({ threads }: UserProgram): number =>
  threads.reduce((sum, operations) => sum + operations.length, 0);
