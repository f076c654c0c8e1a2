/**
 * Temporary references: who may still hold one. K42's two generations for each hart.
 *
 * Whoever enters the kernel on a hart counts itself in the hart's current generation and remembers which one that
 * was; on the way out it counts itself off there. A hart's other generation only becomes the current one when nobody
 * is left in it. So when the number of the generation has risen by two, all who were inside before have left.
 *
 * A thread stays counted while it blocks for something that is sure to come soon (the disk, a page, a drain); before
 * a wait that may last for ever it leaves, and must look its objects up again afterwards, unless it holds counted
 * references. With `kernel.objects.generations=1` there is one count, as in Tornado: it has to be zero at some time.
 *
 * *Locking:* `active` by fetch-and-add; `generation` is written by its own hart, interrupts masked.
 */
import { type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';

// DOC: enter-generation
/** Begins to hold temporary references. `slot` is a word of the caller's, 0 while it holds none. */
export function* enterGeneration(local: number, slot: number): Code {
  const index = (yield load(local + HART.generation)) & 1;
  yield fetchAndAdd(local + HART.active + 4 * index, 1);
  yield store(slot, index + 1);
}

/** Ends to hold temporary references, on the hart on which it began. Afterwards `serveToken` is due. */
export function* leaveGeneration(local: number, slot: number): Code {
  const index = (yield load(slot)) - 1;
  if (index < 0) return;
  yield store(slot, 0);
  yield fetchAndAdd(local + HART.active + 4 * index, -1);
}

/** Whether nobody holds a temporary reference on a hart at this moment. */
export function* isQuiescent(local: number): Code<boolean> {
  return (yield load(local + HART.active)) === 0 && (yield load(local + HART.active + 4)) === 0;
}

// DOC: two-generations
/** Whether all who were on this hart when its generation was `since` have left. Begins the next one if it can. */
export function* generationsPassed(local: number, since: number): Code<boolean> {
  if ((yield load(local + HART.generations)) === 1) return yield* isQuiescent(local);
  let generation = yield load(local + HART.generation);
  while (((generation - since) | 0) < 2) {
    if ((yield load(local + HART.active + 4 * (1 - (generation & 1)))) !== 0) return false;
    generation = (generation + 1) | 0;
    yield store(local + HART.generation, generation);
  }
  return true;
}
