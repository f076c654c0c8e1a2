/** Harts that each add to a counter, by a load and a store, under a lock: a lost count shows two inside. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { check, type Form, word } from '../bug.ts';

const COUNT = word(63);

/** A lock as the zoo wants it: each hart passes its own number. */
interface HartLock {
  acquire(hart: number): Code;
  release(hart: number): Code;
}

/** @param times how often each hart takes the lock */
export const counting = (lock: HartLock, times: readonly number[]): Form => ({
  *code(hart) {
    for (let time = 0; time < (times[hart] as number); time++) {
      yield* lock.acquire(hart);
      const count = yield load(COUNT);
      yield store(COUNT, count + 1);
      yield* lock.release(hart);
    }
  },
  *end() {
    const all = times.reduce((sum, own) => sum + own);
    check((yield load(COUNT)) === all, 'an addition was lost');
  },
});
