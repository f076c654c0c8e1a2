/**
 * What the status of an ended process means: the word that `wait` stores, and, for the first process, the
 * status with which the machine halts. Rendered to docs/reference/abi.md.
 */
export interface ExitStatusRow {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly summary: string;
}

/** Statuses of processes that the kernel ended. */
export const EXIT = Object.freeze({
  /** Ended by `kill`, or because the first process ended. */
  KILLED: -64,
  /** A page fault found no memory. */
  NO_MEMORY: -65,
  /** A page fault met a disk error. */
  DISK_ERROR: -66,
});

export const EXIT_STATUSES = [
  {
    from: 0,
    to: 255,
    name: 'exited',
    summary:
      'exit(status), or the first thread returned: the low 8 bits of the status. 0 too if the last thread called threadExit.',
  },
  {
    from: -63,
    to: -1,
    name: 'exception',
    summary:
      'An exception ended it: minus the trap cause (-2 illegalInstruction, -13 loadPageFault, -15 storePageFault, -24 programThrew, …).',
  },
  {
    from: EXIT.KILLED,
    to: EXIT.KILLED,
    name: 'killed',
    summary: 'Ended by kill, or because the first process ended.',
  },
  { from: EXIT.NO_MEMORY, to: EXIT.NO_MEMORY, name: 'no memory', summary: 'A page fault found no memory.' },
  {
    from: EXIT.DISK_ERROR,
    to: EXIT.DISK_ERROR,
    name: 'disk error',
    summary: 'A page fault met a disk error.',
  },
] as const satisfies readonly ExitStatusRow[];

/** The status that a process gets for `exit(status)`: 0 to 255. */
export const exitStatus = (status: number): number => status & 0xff;

/** The status that a process gets when the exception `cause` ends it. */
export const exceptionStatus = (cause: number): number => -cause;

/** Which row of the table a status falls in, or undefined. */
export const exitStatusRow = (status: number): ExitStatusRow | undefined =>
  EXIT_STATUSES.find((row) => row.from <= status && status <= row.to);
