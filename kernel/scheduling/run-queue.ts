/**
 * RUN_QUEUE: a representative of the run queue, which is a clustered object. With one representative it is a global
 * queue, with one for each hart they are local ones; `--set kernel.objects.runQueue=DEGREE` chooses.
 *
 * *Locking:* `lock` guards everything from `head` on, and runNext, runQueue of the threads in it. `count` may be read
 * without it, as a hint.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { acquire, release } from '../locks/mcs.ts';
import { onLine, struct, word, words } from '../struct.ts';
import { THREAD } from '../threads/thread.ts';
import { View } from '../view.ts';

export const RUN_QUEUE = struct({
  class: word,
  root: word,
  lock: onLine(),
  head: word,
  tail: word,
  count: word,
  /** The discipline's own. */
  own: words(12),
});

/** A place in a queue: a thread and the one before it, 0 for none. */
export interface Place {
  readonly thread: number;
  readonly before: number;
}

export const NO_PLACE: Place = Object.freeze({ thread: 0, before: 0 });

export class RunQueue extends View {
  *append(thread: number): Code {
    yield* acquire(this.address + RUN_QUEUE.lock);
    const tail = yield load(this.address + RUN_QUEUE.tail);
    yield store(thread + THREAD.runNext, 0);
    yield store(thread + THREAD.runQueue, this.address);
    yield store(tail === 0 ? this.address + RUN_QUEUE.head : tail + THREAD.runNext, thread);
    yield store(this.address + RUN_QUEUE.tail, thread);
    yield store(this.address + RUN_QUEUE.count, (yield load(this.address + RUN_QUEUE.count)) + 1);
    yield* release(this.address + RUN_QUEUE.lock);
  }

  *lockedRemove({ thread, before }: Place): Code {
    const next = yield load(thread + THREAD.runNext);
    yield store(before === 0 ? this.address + RUN_QUEUE.head : before + THREAD.runNext, next);
    if (next === 0) yield store(this.address + RUN_QUEUE.tail, before);
    yield store(this.address + RUN_QUEUE.count, (yield load(this.address + RUN_QUEUE.count)) - 1);
    yield store(thread + THREAD.runQueue, 0);
  }

  /** Takes a thread out; gives whether it was in it. */
  *take(thread: number): Code<boolean> {
    yield* acquire(this.address + RUN_QUEUE.lock);
    let before = 0;
    let at = yield load(this.address + RUN_QUEUE.head);
    while (at !== 0 && at !== thread) {
      before = at;
      at = yield load(at + THREAD.runNext);
    }
    if (at !== 0) yield* this.lockedRemove({ thread, before });
    yield* release(this.address + RUN_QUEUE.lock);
    return at !== 0;
  }
}
