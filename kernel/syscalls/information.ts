/** System calls that only tell: clock, currentHart, currentNode, currentProcess, currentThread, hartCount. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { deref } from '../objects/translation-table.ts';
import { PROCESS_REP } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';

/** clock() */
export function* clock(): Code<number> {
  return (yield csrRead('time')) & 0x7fffffff;
}

/** currentHart() */
export function* currentHart(): Code<number> {
  return yield load((yield csrRead('slocal')) + HART.hart);
}

/** currentNode() */
export function* currentNode(): Code<number> {
  return yield load((yield csrRead('slocal')) + HART.node);
}

/** currentProcess() */
export function* currentProcess(thread: number): Code<number> {
  return yield load((yield* deref(yield load(thread + THREAD.process))) + PROCESS_REP.number);
}

/** currentThread() */
export function* currentThread(thread: number): Code<number> {
  return yield load(thread + THREAD.number);
}

/** hartCount() */
export function* hartCount(): Code<number> {
  return yield load((yield csrRead('slocal')) + HART.harts);
}
