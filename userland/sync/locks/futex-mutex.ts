/**
 * A blocking mutex on futexWait and futexWake: one word with three states (Drepper, "Futexes Are Tricky", mutex 2).
 *
 * Without contention neither side enters the kernel. A thread that had to wait takes the lock as CONTENDED,
 * since it cannot know whether others wait too: at worst one wake-up finds nobody. No order is promised.
 */
import { type Code, compareAndSwap, fetchAndStore, MARK, mark } from '../../../hw/isa/index.ts';
import { futexWait, futexWake } from '../../runtime/system-calls.ts';
import type { Lock, LockKind } from './lock.ts';

export const FREE = 0;
export const HELD = 1;
/** Held, and perhaps somebody waits: the release must wake. */
const CONTENDED = 2;
const FOR_EVER = 0;

export class FutexMutex implements Lock {
  protected readonly word: number;

  constructor(address: number) {
    this.word = address;
  }

  // DOC: futex-acquire
  *acquire(): Code {
    yield mark(MARK.lockWanted, this.word);
    if ((yield compareAndSwap(this.word, FREE, HELD)) !== FREE) yield* this.await();
    yield mark(MARK.lockAcquired, this.word);
  }

  /** Waits for the lock, and takes it. */
  protected *await(): Code {
    while ((yield fetchAndStore(this.word, CONTENDED)) !== FREE) {
      yield* futexWait(this.word, CONTENDED, FOR_EVER);
    }
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.word);
    if ((yield fetchAndStore(this.word, FREE)) === CONTENDED) yield* futexWake(this.word, 1);
  }
}

export const futexMutex: LockKind = {
  id: 'futex-mutex',
  summary: 'A waiter sleeps in the kernel; uncontended, no system call',
  fifo: false,
  blocking: true,
  size: () => 4,
  nodeSize: 0,
  at: (address) => new FutexMutex(address),
};
