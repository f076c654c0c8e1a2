/**
 * The mediator: what calls of an object go through while its root is being replaced (Soules et al. 2003; K42).
 *
 * It stands in the translation tables in place of the representatives, so that a call in normal times pays nothing
 * for it. Its phases:
 *   forward    calls go on to the old representatives and are counted, until those that began before are over
 *   block      new calls wait until the counted ones are over; a call from inside one of them passes
 *   transfer   the state is carried over to the new root, which takes the reference over
 *   completed  whoever still comes here looks again
 *
 * A call may block, so what is counted is callers, each of which knows itself how deep it is inside (mediated.ts). The
 * phases go on without a thread of their own: the end of the temporary references ends the first one, the last counted
 * call the second. If there is no memory to carry the state over, the old root stays, and the object is as it was.
 *
 * *Locking:* `lock` guards all of it but what is fixed. It is never held while a call runs.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { awaitChange } from '../locks/mailbox.ts';
import { acquire, release } from '../locks/mcs.ts';
import { free } from '../memory/heap.ts';
import { struct, word, words } from '../struct.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { View } from '../view.ts';
import { defer } from './limbo.ts';
import { MEDIATED } from './mediated-layout.ts';
import { mediatedEntry } from './mediated.ts';
import { registerRoot } from './miss-handler-table.ts';
import { LOOK_AGAIN, Root, ROOT, ROOT_STATE } from './root.ts';
import { transferState } from './transfer.ts';

export const MEDIATOR = struct({
  class: word,
  limboNext: word,
  oldRoot: word,
  newRoot: word,
  lock: word,
  phase: word,
  /** Callers that are in a counted call. */
  inFlight: word,
  /** The object was destroyed meanwhile. */
  doomed: word,
  /** Threads that wait for the end of the block phase. */
  waiters: words(2),
});

export const PHASE = Object.freeze({ forward: 0, block: 1, transfer: 2, completed: 3 });

export class Mediator extends View {
  // DOC: mediator-enter
  /** Begins a call; gives the old representative to run it on, LOOK_AGAIN, or 0 if the object is destroyed. */
  *enter(local: number): Code<number> {
    const entry = yield* mediatedEntry(local, this.address);
    for (;;) {
      yield* acquire(this.address + MEDIATOR.lock);
      const phase = yield load(this.address + MEDIATOR.phase);
      const depth = yield load(entry + MEDIATED.depth);
      const dead = depth === 0 && (yield load(this.address + MEDIATOR.doomed)) !== 0;
      const passes = !dead && (depth > 0 || phase === PHASE.forward);
      if (passes && depth === 0) yield* this.lockedCount(1);
      const thread = yield load(local + HART.current);
      const waits = !passes && !dead && phase !== PHASE.completed;
      if (waits && thread !== 0) yield* this.lockedPrepare(thread);
      yield* release(this.address + MEDIATOR.lock);
      if (passes) return yield* this.pass(local, entry, depth);
      if (dead) return 0;
      if (!waits) return LOOK_AGAIN;
      if (thread !== 0) yield* wait(thread, 0);
      else yield* awaitChange(local, this.address + MEDIATOR.phase, phase);
    }
  }

  private *lockedPrepare(thread: number): Code {
    const ref = yield* new Root(yield load(this.address + MEDIATOR.oldRoot)).ref();
    yield* lockedPrepareWait(thread, this.address + MEDIATOR.waiters, WAIT.swap, ref);
  }

  private *pass(local: number, entry: number, depth: number): Code<number> {
    yield store(entry + MEDIATED.mediator, this.address);
    yield store(entry + MEDIATED.depth, depth + 1);
    const old = new Root(yield load(this.address + MEDIATOR.oldRoot));
    return yield* old.repFor(local, yield load(local + HART.hart));
  }

  /** Ends a call that `enter` let pass. */
  *leave(local: number): Code {
    const entry = yield* mediatedEntry(local, this.address);
    const depth = (yield load(entry + MEDIATED.depth)) - 1;
    yield store(entry + MEDIATED.depth, depth);
    if (depth > 0) return;
    yield store(entry + MEDIATED.mediator, 0);
    yield* acquire(this.address + MEDIATOR.lock);
    yield* this.lockedCount(-1);
    const drained = yield* this.lockedDrained();
    yield* release(this.address + MEDIATOR.lock);
    if (drained) yield* this.complete(local);
  }

  private *lockedCount(change: number): Code {
    const inFlight = this.address + MEDIATOR.inFlight;
    yield store(inFlight, (yield load(inFlight)) + change);
  }

  /** Whether the counted calls are over; if so, the caller is the one who completes the swap. */
  private *lockedDrained(): Code<boolean> {
    const blocked = (yield load(this.address + MEDIATOR.phase)) === PHASE.block;
    if (!blocked || (yield load(this.address + MEDIATOR.inFlight)) !== 0) return false;
    yield store(this.address + MEDIATOR.phase, PHASE.transfer);
    return true;
  }

  /**
   * Its time in limbo is over. The first time: all calls that began before the mediator was put in have ended, and
   * from now on new ones wait. After a swap that came to nothing: nobody knows the mediator any more.
   */
  *undisturbed(local: number): Code {
    yield* acquire(this.address + MEDIATOR.lock);
    const spent = (yield load(this.address + MEDIATOR.phase)) === PHASE.completed;
    if (!spent) yield store(this.address + MEDIATOR.phase, PHASE.block);
    const drained = yield* this.lockedDrained();
    yield* release(this.address + MEDIATOR.lock);
    if (drained) yield* this.complete(local);
    if (spent) yield* free(this.address);
  }

  // DOC: mediator-complete
  /** Nobody is inside: carries the state over, and lets the new root take the object over. */
  private *complete(local: number): Code {
    const old = new Root(yield load(this.address + MEDIATOR.oldRoot));
    const next = new Root(yield load(this.address + MEDIATOR.newRoot));
    const carried = yield* transferState(local, old, next);
    yield* acquire(old.address + ROOT.lock);
    const doomed = (yield load(this.address + MEDIATOR.doomed)) !== 0;
    const switched = carried && !doomed;
    if (switched) {
      yield store(old.address + ROOT.state, ROOT_STATE.replaced);
      yield store(old.address + ROOT.ownsRef, 0);
    } else {
      yield store(next.address + ROOT.ownsRef, 0);
      if (doomed) yield store(old.address + ROOT.state, ROOT_STATE.dying);
      else yield store(old.address + ROOT.mediator, 0);
    }
    if (doomed || switched) yield* registerRoot(local, yield* old.ref(), doomed ? 0 : next.address);
    yield* release(old.address + ROOT.lock);
    yield* old.setEntries(local, 0);
    yield* acquire(this.address + MEDIATOR.lock);
    yield store(this.address + MEDIATOR.phase, PHASE.completed);
    yield* lockedWakeAll(new WaitQueue(this.address + MEDIATOR.waiters), 0);
    yield* release(this.address + MEDIATOR.lock);
    // The old root takes the mediator, which belongs to it, along.
    if (doomed || switched) yield* defer(local, old.address);
    else yield* defer(local, this.address);
    if (!switched) yield* defer(local, next.address);
  }
}
