/**
 * Minimum intervening plus queue: each hart has a queue; a thread that becomes ready goes to the hart where those who have
 * had it since the thread was on it, and those who wait there, are fewest together (Squillante & Lazowska, TPDS 1993: LMI
 * routing; the notes' MI plus queue).
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { THREAD } from '../threads/thread.ts';
import { mayRunOn } from './affinity.ts';
import { interveningOn, remember } from './minimum-intervening.ts';
import { nthNearest } from './nearest.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';
import { RUN_QUEUE } from './run-queue.ts';

// DOC: route-min-sum
/** The hart with the least sum; of equals the nearest to where the thread was last. */
function* route(local: number, thread: number): Code<number> {
  const harts = yield load(local + HART.harts);
  const last = yield load(thread + THREAD.local);
  let best = yield load(thread + THREAD.hart);
  let least = -1;
  for (let distance = 0; distance < harts; distance += 1) {
    const hart = yield* nthNearest(last, distance);
    const target = yield* localOf(local, hart);
    if (!(yield* mayRunOn(target, thread, false))) continue;
    const queue = yield load(target + HART.runQueue);
    const sum = (yield* interveningOn(target, thread)) + (yield load(queue + RUN_QUEUE.count));
    if (least >= 0 && sum >= least) continue;
    best = hart;
    least = sum;
  }
  return best;
}

export const minimumInterveningPlusQueue: Policy = Object.freeze(
  queued({
    name: 'minimum-intervening-plus-queue',
    summary:
      'A ready thread joins the queue of the hart where intervening and queued threads are fewest together.',
    degree: 'hart',
    hasLedger: true,
    route,
    runs: remember,
  }),
);
