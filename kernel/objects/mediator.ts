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
 * Calls of an object that can be replaced do not block, so a hart is in one outermost call at most: `depth` counts
 * by hart, and whoever waits may spin. The phases go on without a thread of their own: the end of the temporary
 * references ends the first one, the last counted call the second.
 *
 * *Locking:* `lock` guards all of it but what is fixed. It is never held while a call runs.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { awaitChange } from '../locks/mailbox.ts';
import { acquire, release } from '../locks/mcs.ts';
import { struct, word, words } from '../struct.ts';
import { View } from '../view.ts';
import { defer } from './limbo.ts';
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
  /** Harts that are in a counted call. */
  inFlight: word,
  /** The object was destroyed meanwhile. */
  doomed: word,
  /** By hart: counted calls, one inside the other. */
  depth: words(0),
});

export const PHASE = Object.freeze({ forward: 0, block: 1, transfer: 2, completed: 3 });

export class Mediator extends View {
  // DOC: mediator-enter
  /** Begins a call; gives the old representative to run it on, LOOK_AGAIN, or 0 if the object is destroyed. */
  *enter(local: number): Code<number> {
    const hart = yield load(local + HART.hart);
    const depth = this.address + MEDIATOR.depth + 4 * hart;
    for (;;) {
      yield* acquire(this.address + MEDIATOR.lock);
      const phase = yield load(this.address + MEDIATOR.phase);
      const inside = yield load(depth);
      const dead = inside === 0 && (yield load(this.address + MEDIATOR.doomed)) !== 0;
      const passes = !dead && (inside > 0 || phase === PHASE.forward);
      if (passes) yield* this.lockedCount(depth, inside + 1);
      yield* release(this.address + MEDIATOR.lock);
      if (passes) return yield* new Root(yield load(this.address + MEDIATOR.oldRoot)).repFor(local, hart);
      if (dead) return 0;
      if (phase === PHASE.completed) return LOOK_AGAIN;
      yield* awaitChange(local, this.address + MEDIATOR.phase, phase);
    }
  }

  /** Ends a call that `enter` let pass. */
  *leave(local: number): Code {
    const depth = this.address + MEDIATOR.depth + 4 * (yield load(local + HART.hart));
    yield* acquire(this.address + MEDIATOR.lock);
    yield* this.lockedCount(depth, (yield load(depth)) - 1);
    const drained = yield* this.lockedDrained();
    yield* release(this.address + MEDIATOR.lock);
    if (drained) yield* this.complete(local);
  }

  private *lockedCount(depth: number, calls: number): Code {
    const before = yield load(depth);
    yield store(depth, calls);
    if (before !== 0 && calls !== 0) return;
    const inFlight = this.address + MEDIATOR.inFlight;
    yield store(inFlight, (yield load(inFlight)) + (calls === 0 ? -1 : 1));
  }

  /** Whether the counted calls are over; if so, the caller is the one who completes the swap. */
  private *lockedDrained(): Code<boolean> {
    const blocked = (yield load(this.address + MEDIATOR.phase)) === PHASE.block;
    if (!blocked || (yield load(this.address + MEDIATOR.inFlight)) !== 0) return false;
    yield store(this.address + MEDIATOR.phase, PHASE.transfer);
    return true;
  }

  /** All calls that began before the mediator was put in have ended: from now on new ones wait. */
  *undisturbed(local: number): Code {
    yield* acquire(this.address + MEDIATOR.lock);
    yield store(this.address + MEDIATOR.phase, PHASE.block);
    const drained = yield* this.lockedDrained();
    yield* release(this.address + MEDIATOR.lock);
    if (drained) yield* this.complete(local);
  }

  // DOC: mediator-complete
  /** Nobody is inside: carries the state over, and lets the new root take the object over. */
  private *complete(local: number): Code {
    const old = new Root(yield load(this.address + MEDIATOR.oldRoot));
    const next = new Root(yield load(this.address + MEDIATOR.newRoot));
    yield* transferState(local, old, next);
    yield* acquire(old.address + ROOT.lock);
    const doomed = (yield load(this.address + MEDIATOR.doomed)) !== 0;
    yield store(old.address + ROOT.state, doomed ? ROOT_STATE.dying : ROOT_STATE.replaced);
    yield store(old.address + ROOT.ownsRef, doomed ? 1 : 0);
    yield store(next.address + ROOT.ownsRef, doomed ? 0 : 1);
    yield* registerRoot(local, yield* old.ref(), doomed ? 0 : next.address);
    yield* release(old.address + ROOT.lock);
    yield* old.setEntries(local, 0);
    yield store(this.address + MEDIATOR.phase, PHASE.completed);
    // The old root takes the mediator, which belongs to it, along.
    yield* defer(local, old.address);
    if (doomed) yield* defer(local, next.address);
  }
}
