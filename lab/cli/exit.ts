/**
 * Exit statuses of `eddy`: a contract that courses grade with. One row each, never mixed.
 */
export const EXIT = {
  /** The run ended well and every check held. */
  ok: 0,
  /** A check failed, or the program said by its status that something went wrong. */
  checkFailed: 1,
  /** The command line, or a file that it names, is wrong. */
  usage: 2,
  /** The program crashed, or an invariant of the system broke. */
  crashed: 3,
  /** A budget ran out. */
  budget: 4,
  /** No hart can ever act again. */
  deadlock: 5,
  /** The emulator itself is at fault. */
  emulator: 70,
} as const;

/** A mistake of the user's: one line (or what a compiler says, several) on standard error, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
