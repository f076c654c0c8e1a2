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

/**
 * What a procedure that is called by LRPC finds at the top of its E-stack, whose address is its second word; the first
 * is the address of the A-stack. It ends its call with `lrpcReturn`, or by returning.
 */
export const CALL_BLOCK = {
  /** The word that the server gave when it exported the interface. */
  WORD: 0,
  /** Lowest address of the E-stack. */
  STACK: 4,
} as const;

/** Bytes of that block. */
export const CALL_BLOCK_SIZE = 8;

/**
 * A procedure descriptor as `lrpcExport` reads it: code address, bytes of an A-stack, simultaneous calls; 0 calls: it uses
 * the A-stacks of an earlier procedure, of as many bytes, rounded up to a line.
 */
export const PROCEDURE_DESCRIPTOR = { ENTRY: 0, SIZE: 4, CALLS: 8 } as const;
/** Bytes of one. */
export const PROCEDURE_DESCRIPTOR_SIZE = 12;

/** What `pagerAccept` writes: what names the request, whether the page is to be written, the file's key, the page. */
export const PAGE_REQUEST = { REQUEST: 0, WRITES: 4, KEY: 8, PAGE: 12 } as const;
/** Bytes of it. */
export const PAGE_REQUEST_SIZE = 16;

/** What `lrpcBind` writes for each procedure: address of the first A-stack, bytes from one to the next, how many. */
export const A_STACKS = { BASE: 0, STRIDE: 4, COUNT: 8 } as const;
/** Bytes of one of these. */
export const A_STACKS_SIZE = 12;

/** Where and how long `ppcCallOnWithin` calls: a hart, and a time-out in cycles (0: none). */
export const TARGET = { HART: 0, CYCLES: 4 } as const;
