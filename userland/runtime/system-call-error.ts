import { errorName, type SyscallName } from '../../kernel/abi/index.ts';

/** A system call gave an error that its caller did not expect. */
export class SystemCallError extends Error {
  /** The negative result, one of kernel/abi/errors.ts. */
  readonly code: number;

  constructor(call: SyscallName, code: number) {
    super(`${call}: ${errorName(code)}`);
    this.name = 'SystemCallError';
    this.code = code;
  }
}

/**
 * The result of a system call that is expected to succeed.
 *
 *     const address = orThrow('mmap', yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
 *
 * @throws SystemCallError when the result is negative; unless caught, it ends the process with a message
 */
export const orThrow = (call: SyscallName, result: number): number => {
  if (result < 0) throw new SystemCallError(call, result);
  return result;
};
