/**
 * Stacks of threads that have ended, kept for the next ones: each representative of a process keeps a few of those that
 * its harts had. So a thread that is made where another has just ended finds a stack that is mapped, near, and in no
 * other hart's way: no list of regions, no page table, no page frame and no TLB of another hart is touched.
 *
 * What lies in such a stack is what its last owner left there; it is the memory of the same process. A stack that is
 * kept is a region of the process as any other, and goes when that ends.
 *
 * *Locking:* the `lock` of the representative guards `stacks`.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { acquire, release } from '../locks/mcs.ts';
import { Root } from '../objects/root.ts';
import { KEPT_STACKS, PROCESS_REP } from './process.ts';

const placeOf = (rep: number, index: number): number => rep + PROCESS_REP.stacks + 4 * index;

// DOC: take-stack
/** A stack that was kept for a hart of a representative, or 0. */
export function* takeStack(rep: number): Code<number> {
  yield* acquire(rep + PROCESS_REP.lock);
  let stack = 0;
  for (let index = 0; index < KEPT_STACKS && stack === 0; index += 1) {
    stack = yield load(placeOf(rep, index));
    if (stack !== 0) yield store(placeOf(rep, index), 0);
  }
  yield* release(rep + PROCESS_REP.lock);
  return stack;
}

/** Keeps a stack; gives false if there are enough already. */
export function* keepStack(rep: number, stack: number): Code<boolean> {
  yield* acquire(rep + PROCESS_REP.lock);
  let index = 0;
  while (index < KEPT_STACKS && (yield load(placeOf(rep, index))) !== 0) index += 1;
  const room = index < KEPT_STACKS;
  if (room) yield store(placeOf(rep, index), stack);
  yield* release(rep + PROCESS_REP.lock);
  return room;
}

/** The representative of a process for a hart, of which another one, that of the caller, is at hand. */
export function* repOfHart(local: number, rep: number, hart: number): Code<number> {
  return yield* new Root(yield load(rep + PROCESS_REP.root)).repFor(local, hart);
}
