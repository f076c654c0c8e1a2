/**
 * What a hart has for protected procedure calls to a port: the port's representative there, with a pool of workers.
 * Tornado: "resources local to the processor". No other hart touches it, so nothing of it has a lock.
 *
 * *Locking:* its hart, interrupts masked. Threads in its queues are of its hart, too.
 */
import { type Code, csrRead, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { HART } from '../../hart-local.ts';
import { THREAD } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { claim } from '../../threads/wake.ts';
import { PORT } from '../port.ts';

/** Whether a representative is this hart's own: without memory several harts share one. Gives 0, or ENOMEM. */
export function* ownPool(pool: number): Code<number> {
  const mine = (yield load((yield csrRead('slocal')) + HART.hart)) + 1;
  const home = yield load(pool + PORT.home);
  if (home === 0) yield store(pool + PORT.home, mine);
  return home === 0 || home === mine ? 0 : ERROR.ENOMEM;
}

// DOC: claim-worker
/**
 * Claims an idle worker with room for a request; gives it, or 0 if all are busy, or EMSGSIZE, ESRCH if there is none
 * that could ever carry it out.
 */
export function* claimWorker(pool: number, request: number): Code<number> {
  const idle = new WaitQueue(pool + PORT.servers);
  let worker = yield* idle.lockedFirst();
  let tooSmall = false;
  while (worker !== 0) {
    const next = yield load(worker + THREAD.waitNext);
    const fits = request <= (yield load(worker + THREAD.roomCapacity));
    if (fits && (yield* claim(worker))) {
      yield* idle.lockedRemove(worker);
      return worker;
    }
    // One that is being killed is passed over, not too small.
    if (!fits) tooSmall = true;
    worker = next;
  }
  if ((yield load(pool + PORT.dead)) !== 0) return ERROR.ECALLFAILED;
  if ((yield load(pool + PORT.workers)) === 0) return ERROR.ESRCH;
  return tooSmall ? ERROR.EMSGSIZE : 0;
}
