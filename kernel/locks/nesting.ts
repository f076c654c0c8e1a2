/**
 * How many locks a hart holds: the number of its innermost lock's level, which for an MCS lock is also the number
 * of its queue node. A thread must not block while the number is above 0 (threads/block.ts).
 *
 * *Locking:* `lockDepth` is the hart's own; interrupts are masked.
 */
import { type Code, load, panic, store } from '../../hw/isa/index.ts';
import { HART, LOCK_LEVELS } from '../hart-local.ts';
import { PANIC } from '../panics.ts';

/** One more lock; gives its level. */
export function* descend(local: number): Code<number> {
  const level = yield load(local + HART.lockDepth);
  if (level >= LOCK_LEVELS) yield panic(PANIC.lockNesting);
  yield store(local + HART.lockDepth, level + 1);
  return level;
}

/** The level of the innermost lock. */
export function* innermost(local: number): Code<number> {
  const level = (yield load(local + HART.lockDepth)) - 1;
  if (level < 0) yield panic(PANIC.lockOrder);
  return level;
}

/** The innermost lock is given up. */
export function* ascend(local: number): Code {
  yield store(local + HART.lockDepth, yield* innermost(local));
}
