/**
 * Overtaking: a thread that becomes ready takes a hart from one of a lower rank. That hart is asked to reschedule, and
 * interrupted; it takes the best thread of its queue then, which may be the same one as before.
 *
 * *Locking:* none. `rank` is what the thread that runs there was taken for. `needReschedule` is written after the thread
 * has been queued: if that hart clears it at the same time, it looks into the queue afterwards.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { mayRunOn } from './affinity.ts';
import type { Discipline } from './discipline.ts';
import { rankOf } from './rank.ts';

// DOC: overtake
/** The hart that has to give way to a thread in the queue of the one at `home`; -1 if none, or it is this one. */
export function* overtake(rules: Discipline, local: number, home: number, thread: number): Code<number> {
  const harts = yield load(local + HART.harts);
  const queue = yield load(home + HART.runQueue);
  let victim = 0;
  let lowest = 0;
  for (let hart = 0; hart < harts; hart += 1) {
    const target = yield* localOf(local, hart);
    if ((yield load(target + HART.runQueue)) !== queue) continue;
    // One that is between two threads looks for itself.
    if ((yield load(target + HART.current)) === 0) continue;
    const rank = yield load(target + HART.rank);
    if ((victim !== 0 && rank >= lowest) || !(yield* mayRunOn(target, thread, rules.fixed === true)))
      continue;
    victim = target;
    lowest = rank;
  }
  if (victim === 0 || (yield* rankOf(rules, victim, thread)) <= lowest) return -1;
  return yield* giveWaySoon(local, victim);
}

/** Asks the hart at `target` to reschedule; gives it if it has to be interrupted, -1 if it is this one. */
export function* giveWaySoon(local: number, target: number): Code<number> {
  yield store(target + HART.needReschedule, 1);
  return target === local ? -1 : yield load(target + HART.hart);
}
