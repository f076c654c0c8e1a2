/**
 * Which calls of mediated objects its caller is inside: a thread, since a call may block, and the hart for code that
 * runs without a thread and never blocks. Each keeps the list itself, so that a mediator has to count heads only.
 *
 * *Locking:* none, the list is its owner's.
 */
import { type Code, load, panic } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { PANIC } from '../panics.ts';
import { THREAD } from '../threads/thread.ts';
import { MEDIATED, MEDIATED_CALLS } from './mediated-layout.ts';

/** The caller's entry for a mediator: the one that names it, or a free one. */
export function* mediatedEntry(local: number, mediator: number): Code<number> {
  const thread = yield load(local + HART.current);
  const entries = thread === 0 ? local + HART.mediated : thread + THREAD.mediated;
  let free = 0;
  for (let index = 0; index < MEDIATED_CALLS; index += 1) {
    const entry = entries + index * MEDIATED.SIZE;
    const of = yield load(entry + MEDIATED.mediator);
    if (of === mediator) return entry;
    if (of === 0 && free === 0) free = entry;
  }
  if (free === 0) yield panic(PANIC.callNesting);
  return free;
}
