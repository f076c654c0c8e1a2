/** What a context that does not get on is about to do: mostly, which words it polls. */
import type { Machine } from '../../hw/machine.ts';
import { OP, opName } from '../../hw/isa/op.ts';
import type { ThreadWait } from './threads.ts';

const hex = (word: number): string => `0x${(word >>> 0).toString(16).padStart(8, '0')}`;

/** The harts of a machine without a kernel that have not ended. */
export function hartWaits(machine: Machine): ThreadWait[] {
  const harts = Array.from({ length: machine.harts }, (_, hart) => hart);
  return harts
    .filter((hart) => machine.activity(hart) !== 'stopped')
    .map((hart) => {
      const what = describePending(machine, machine.currentContext(hart));
      return { hart, text: `hart ${hart} ${what}`, willWake: false };
    });
}

/** The pending instruction of a context as a clause. Addresses are the program's own: virtual under a kernel. */
export function describePending(machine: Machine, context: number): string {
  const pending = machine.context(context)?.pendingInstruction;
  if (pending === undefined) return 'has nothing pending';
  const { op, a, b, c, d } = pending;
  switch (op) {
    case OP.spinUntil:
      return `spins until the word at ${hex(a)} is ${b}`;
    case OP.spinUntilNot:
      return `spins until the word at ${hex(a)} is no longer ${b}`;
    case OP.spinUntilAny:
      return `spins until the word at ${hex(a)} is no longer ${b}, or that at ${hex(c)} no longer ${d}`;
    default:
      return `is at ${opName(op)}`;
  }
}
