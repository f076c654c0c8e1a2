/**
 * A doubly linked queue of waiting threads: two words, head and tail, inside the object that is waited for.
 *
 * *Locking:* the lock of that object guards the queue and the links of the threads in it.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { struct, word } from '../struct.ts';
import { View } from '../view.ts';
import { THREAD } from './thread.ts';

export const WAIT_QUEUE = struct({ head: word, tail: word });

export class WaitQueue extends View {
  *lockedFirst(): Code<number> {
    return yield load(this.address + WAIT_QUEUE.head);
  }

  *lockedAppend(thread: number): Code {
    const tail = yield load(this.address + WAIT_QUEUE.tail);
    yield store(thread + THREAD.waitNext, 0);
    yield store(thread + THREAD.waitPrevious, tail);
    yield store(thread + THREAD.waitQueue, this.address);
    yield store(tail === 0 ? this.address + WAIT_QUEUE.head : tail + THREAD.waitNext, thread);
    yield store(this.address + WAIT_QUEUE.tail, thread);
  }

  *lockedRemove(thread: number): Code {
    yield* this.lockedUnlink(thread);
    yield store(thread + THREAD.waitQueue, 0);
  }

  // DOC: move-waiter
  /**
   * Moves a thread to the end of another queue with the same lock. Its waitQueue goes from one to the other at once: a
   * thread that has been woken by the clock looks at it without the lock, and must not find itself in none.
   */
  *lockedMove(thread: number, to: WaitQueue): Code {
    yield* this.lockedUnlink(thread);
    yield* to.lockedAppend(thread);
  }

  private *lockedUnlink(thread: number): Code {
    const next = yield load(thread + THREAD.waitNext);
    const previous = yield load(thread + THREAD.waitPrevious);
    yield store(previous === 0 ? this.address + WAIT_QUEUE.head : previous + THREAD.waitNext, next);
    yield store(next === 0 ? this.address + WAIT_QUEUE.tail : next + THREAD.waitPrevious, previous);
  }
}
