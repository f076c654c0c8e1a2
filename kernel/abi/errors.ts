/** Error codes that system calls give, as negative results. Rendered to docs/reference/abi.md. */
export interface ErrorRow {
  readonly name: string;
  readonly code: number;
  readonly summary: string;
}

export const ERRORS = [
  { name: 'EPERM', code: -1, summary: 'The caller may not do this.' },
  { name: 'ENOENT', code: -2, summary: 'There is no file or directory of this name.' },
  { name: 'ESRCH', code: -3, summary: 'There is no such process or thread.' },
  {
    name: 'EINTR',
    code: -4,
    summary: 'The wait was cut short because the process, or that which the thread is of, is being killed.',
  },
  { name: 'EIO', code: -5, summary: 'The disk reported an error.' },
  { name: 'EBADF', code: -9, summary: 'Not a handle of this process, or no longer one.' },
  {
    name: 'EAGAIN',
    code: -11,
    summary: 'The word did not hold the expected value, or no slot is free just now.',
  },
  { name: 'ENOMEM', code: -12, summary: 'No memory: frames, kernel heap, or address space.' },
  { name: 'EFAULT', code: -14, summary: 'A pointer argument does not point to memory of the caller.' },
  { name: 'EBUSY', code: -16, summary: 'The object is in use.' },
  { name: 'EEXIST', code: -17, summary: 'There is a file or directory of this name already.' },
  { name: 'ENOTDIR', code: -20, summary: 'A part of the path is not a directory.' },
  { name: 'EISDIR', code: -21, summary: 'It is a directory.' },
  { name: 'EINVAL', code: -22, summary: 'An argument is out of range, misaligned, or nonsense.' },
  { name: 'ENFILE', code: -23, summary: 'The file server has no room for another open file.' },
  { name: 'EFBIG', code: -27, summary: 'A file would become, or is, larger than the format can say.' },
  { name: 'ENOSPC', code: -28, summary: 'The file system is full: no block, or no inode.' },
  { name: 'EMLINK', code: -31, summary: 'A directory has as many subdirectories as it can have.' },
  { name: 'ENAMETOOLONG', code: -36, summary: 'A name, or a path, is too long.' },
  { name: 'ENOTEMPTY', code: -39, summary: 'The directory is not empty.' },
  { name: 'ENOSYS', code: -38, summary: 'There is no system call of this number.' },
  { name: 'EDEADLK', code: -35, summary: 'A thread cannot wait for itself.' },
  { name: 'EOPNOTSUPP', code: -95, summary: 'The file system has something that is not supported.' },
  { name: 'ESHUTDOWN', code: -108, summary: 'The machine is being switched off, and only servers are left.' },
  { name: 'EMSGSIZE', code: -90, summary: 'A message is longer than the receiver has room for.' },
  {
    name: 'ECALLFAILED',
    code: -104,
    summary:
      'The server, or the way to it, has ended; a call that was under way may have been carried out or not.',
  },
  {
    name: 'ECALLABORTED',
    code: -125,
    summary: 'A thread that goes on in place of one that is still in a call: the call was given up.',
  },
  {
    name: 'EOWNERDEAD',
    code: -130,
    summary: 'The caller has the lock, but a thread ended that held it: what it guards may be half done.',
  },
  {
    name: 'ENOTRECOVERABLE',
    code: -131,
    summary:
      'A thread ended that held the lock, and the next one gave it up as it was: nobody gets it again.',
  },
  { name: 'ETIMEDOUT', code: -110, summary: 'The time-out passed first.' },
] as const satisfies readonly ErrorRow[];

export type ErrorName = (typeof ERRORS)[number]['name'];

/** Error codes by name (negative). */
export const ERROR = Object.freeze(Object.fromEntries(ERRORS.map((row) => [row.name, row.code]))) as Readonly<
  Record<ErrorName, number>
>;

/** The name of a negative system-call result, or its number. */
export const errorName = (code: number): string =>
  ERRORS.find((row) => row.code === code)?.name ?? String(code);
