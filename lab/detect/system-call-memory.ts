/** What the kernel reads and writes of a program's memory in a system call: accesses of the calling thread. */
import { OP } from '../../hw/isa/op.ts';
import { LIMIT, SYSCALL } from '../../kernel/abi/index.ts';
import type { Access } from './access.ts';
import type { SystemCall } from './detector.ts';

/**
 * The accesses of a call.
 * @param result undefined when the call begins; what it gave when it has ended
 */
export function kernelAccesses(call: SystemCall, result: number | undefined): Access[] {
  const {
    number,
    arguments: [first, second],
  } = call;
  if (result === undefined) {
    if (number !== SYSCALL.consoleWrite || first <= 0 || second <= 0) return [];
    return [accessOf(call, first, Math.min(second, LIMIT.CONSOLE), 'reads')];
  }
  const writesWord = number === SYSCALL.threadJoin || number === SYSCALL.wait;
  return writesWord && result >= 0 && second > 0 ? [accessOf(call, second, 4, 'writes')] : [];
}

const accessOf = (
  { who, cycle }: SystemCall,
  address: number,
  bytes: number,
  what: 'reads' | 'writes',
): Access => ({
  who,
  hart: who.hart,
  cycle,
  op: OP.environmentCall,
  address,
  bytes,
  reads: what === 'reads',
  writes: what === 'writes',
  atomic: false,
  b: 0,
  c: 0,
  again: false,
  isAllocators: false,
});
