/**
 * What a new thread finds. Its program begins with two words: the argument given to spawn, and the address
 * of its thread block at the top of its user stack, which the kernel has filled in.
 */
export const THREAD_BLOCK = {
  /** Thread number. */
  THREAD: 0,
  /** Process number. */
  PROCESS: 4,
  /** Hart that the thread was placed on at its start. */
  HART: 8,
  /** Node of that hart. */
  NODE: 12,
  /** Number of harts in the machine. */
  HARTS: 16,
  /** Lowest address of the user stack. */
  STACK: 20,
  /** Number of parameter words (first process only; others have 0). */
  PARAMETERS: 24,
  /** The parameter words themselves. */
  PARAMETER: 28,
} as const;

/** Parameter words that a program can be started with. */
export const MAX_PARAMETERS = 16;
/** Bytes of the thread block. */
export const THREAD_BLOCK_SIZE = THREAD_BLOCK.PARAMETER + 4 * MAX_PARAMETERS;
