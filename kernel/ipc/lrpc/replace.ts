/**
 * Replacement of a captured thread: another one goes on where its call came from, as if it had just failed. The captured
 * one is the server's from then on (adopt.ts), and ends when it returns.
 *
 * *Locking:* the caller holds the lock under which the captured thread is listed, and a linkage without which the captured thread
 * does not come out below `from`.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { lockedTakeNumber } from '../../processes/thread-list.ts';
import { AFFINITY } from '../../scheduling/affinity.ts';
import { THREAD } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { LINKAGE } from './layout.ts';
import { holdCall, letGoOn } from './linkage.ts';

/** Gives `made` the place that a call was made from; the call goes on, but not back to there. Gives its limit, now parted, or 0. */
export function* lockedTakePlace(made: number, from: number): Code<number> {
  const limit = yield load(from + LINKAGE.limit);
  yield store(from + LINKAGE.limit, 0);
  yield store(made + THREAD.process, yield load(from + LINKAGE.client));
  yield store(made + THREAD.hat, yield load(from + LINKAGE.hat));
  yield store(made + THREAD.satp, yield load(from + LINKAGE.satp));
  yield store(made + THREAD.userContext, yield load(from + LINKAGE.context));
  const below = yield load(from + LINKAGE.below);
  yield store(made + THREAD.linkage, below);
  for (let at = below; at !== 0; at = yield load(at + LINKAGE.below)) {
    if (!(yield* holdCall(at))) continue;
    yield store(at + LINKAGE.thread, made);
    yield* letGoOn(at);
  }
  yield store(from + LINKAGE.gone, 1);
  yield store(from + LINKAGE.below, 0);
  yield store(from + LINKAGE.context, 0);
  return limit;
}

/** Gives `made` the priority, class and affinity of `captured`, which may run anywhere from now on. */
function* lockedInherit(made: number, captured: number): Code {
  for (const field of [THREAD.affinity, THREAD.priority, THREAD.schedulingClass])
    yield store(made + field, yield load(captured + field));
  yield store(captured + THREAD.affinity, AFFINITY.all);
  const ledger = yield load(made + THREAD.ledger);
  yield store(made + THREAD.ledger, yield load(captured + THREAD.ledger));
  yield store(captured + THREAD.ledger, ledger);
}

/** Makes `made` the thread at home that the captured one was: its number, its stack, those that wait for its end. */
export function* lockedTakeName(record: number, made: number, captured: number): Code {
  yield store(made + THREAD.number, yield load(captured + THREAD.number));
  yield store(made + THREAD.stackBase, yield load(captured + THREAD.stackBase));
  const part = yield load(captured + THREAD.part);
  yield store(made + THREAD.part, part);
  yield store(captured + THREAD.number, yield* lockedTakeNumber(record, part));
  yield store(captured + THREAD.stackBase, 0);
  yield* lockedInherit(made, captured);
  yield store(captured + THREAD.exiled, 1);
  const joiners = new WaitQueue(captured + THREAD.joiners);
  for (let at = yield* joiners.lockedFirst(); at !== 0; at = yield* joiners.lockedFirst())
    yield* joiners.lockedMove(at, new WaitQueue(made + THREAD.joiners));
}
