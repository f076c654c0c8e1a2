/**
 * What keeps process, region, FCM and COR in existence while a page fault passes through them.
 *
 * `existence`: counts. A region that is entered counts it, and its process, too; no lock is held on the way down.
 * `hierarchical`: the traditional form, for comparison. A gate of each is held, one inside the other, until the
 * fault is done; whoever unmaps takes the gate of the process. A thread may sleep while it holds a gate (xv6's
 * sleep-lock): a page may have to come from the disk.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { View } from '../view.ts';
import { GATE, LOCKING } from './gate.ts';

/** Whether this kernel locks hierarchically. */
export function* isHierarchical(local: number): Code<boolean> {
  return (yield load(local + HART.locking)) === LOCKING.hierarchical;
}

export class Gate extends View {
  /** Takes the gate; the thread sleeps until it is free. */
  *acquire(): Code {
    for (;;) {
      yield* acquire(this.address + GATE.lock);
      if ((yield load(this.address + GATE.held)) === 0) break;
      const thread = yield* currentThread();
      yield* lockedPrepareWait(thread, this.address + GATE.waiters, WAIT.gate, this.address);
      yield* release(this.address + GATE.lock);
      yield* wait(thread, 0);
    }
    yield store(this.address + GATE.held, 1);
    yield* release(this.address + GATE.lock);
  }

  *release(): Code {
    yield* acquire(this.address + GATE.lock);
    yield store(this.address + GATE.held, 0);
    yield* lockedWakeAll(new WaitQueue(this.address + GATE.waiters), 0);
    yield* release(this.address + GATE.lock);
  }
}
