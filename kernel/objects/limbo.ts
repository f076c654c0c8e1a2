/**
 * Limbo: objects that nobody can find any more, but that somebody may still hold a temporary reference to. Each
 * hart has a list of those that came since the token was here last, and one of those that came before.
 *
 * *Locking:* the lists are their hart's, interrupts masked (others look whether they are empty). `garbage` counts
 * what is in all lists, by fetch-and-add. `token` by compare-and-swap: the hart that has it, plus 1; 0 while it rests.
 */
import { type Code, compareAndSwap, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { ROOT } from './root.ts';

export const TOKEN = GLOBAL + NODE_BLOCK.token;
export const GARBAGE = GLOBAL + NODE_BLOCK.garbage;

// DOC: defer
/** Puts a root or mediator into limbo; when all temporary references that exist now have ended, it is its turn. */
export function* defer(local: number, item: number): Code {
  yield store(item + ROOT.limboNext, yield load(local + HART.limboWaiting));
  yield store(local + HART.limboWaiting, item);
  yield fetchAndAdd(GARBAGE, 1);
  yield* fetchToken(local);
}

/** Takes the token, if it rests. */
export function* fetchToken(local: number): Code {
  const hart = yield load(local + HART.hart);
  if ((yield compareAndSwap(TOKEN, 0, hart + 1)) !== 0) return;
  yield store(local + HART.tokenFresh, 1);
  yield store(local + HART.token, 1);
}

/** Whether a hart has something in limbo. */
export function* hasGarbage(local: number): Code<boolean> {
  return (yield load(local + HART.limboWaiting)) !== 0 || (yield load(local + HART.limboCurrent)) !== 0;
}
