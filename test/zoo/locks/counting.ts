/** Harts that each add to a counter, by a load and a store, under a lock: a lost count shows two inside. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import type { Subject } from '../../../lab/explore/subject.ts';
import { bare, word } from '../bug.ts';

const COUNT = word(63);

/** A lock as the zoo wants it: each hart passes its own number. */
interface HartLock {
  acquire(hart: number): Code;
  release(hart: number): Code;
}

/**
 * @param times how often each hart takes the lock
 * @param storeBuffer stores that each hart's buffer takes
 */
export const counting = (lock: HartLock, times: readonly number[], storeBuffer = 0): Subject =>
  bare({
    harts: times.length,
    storeBuffer,
    *program(hart) {
      for (let time = 0; time < (times[hart] as number); time++) {
        yield* lock.acquire(hart);
        const count = yield load(COUNT);
        yield store(COUNT, count + 1);
        yield* lock.release(hart);
      }
    },
    holds: (machine) => machine.peek(COUNT) === times.reduce((sum, own) => sum + own),
  });
