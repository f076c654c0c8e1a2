/** What an operation's name means: a system call or an instruction, how many words it takes, how it is issued. */
import { environmentCall, type Instruction } from '../../../hw/isa/index.ts';
import { SYSCALLS, type SyscallRow } from '../../../kernel/abi/index.ts';
import { INSTRUCTIONS } from './instructions.ts';

export interface Row {
  readonly name: string;
  readonly arguments: SyscallRow['arguments'];
  /** Set for a system call. */
  readonly call: SyscallRow | undefined;
  make(...words: number[]): Instruction;
}

const ofCall = (call: SyscallRow): Row => ({
  name: call.name,
  arguments: call.arguments,
  call,
  make: (...words) => environmentCall(call.number, ...words),
});

/** The rows by name: those of a table of system calls, by default the kernel's, and the instructions. */
export const rowsOf = (calls: readonly SyscallRow[] = SYSCALLS): ReadonlyMap<string, Row> =>
  new Map(
    [...INSTRUCTIONS.map((row) => ({ ...row, call: undefined })), ...calls.map(ofCall)].map((row) => [
      row.name,
      row,
    ]),
  );

/** The kernel's system calls and the instructions. */
export const ROWS = rowsOf();
