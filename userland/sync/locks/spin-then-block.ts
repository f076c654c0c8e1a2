/**
 * Spins for a while, then sleeps: on a futex (works like `futex-mutex`, except that a waiter looks at the word first), or
 * in a mutex of the kernel, with a word beside it that says whether it is held.
 *
 * Where holders keep their harts and sections are short, nobody sleeps; where a holder has lost its hart, nobody
 * spins for long.
 */
import { type Code, compareAndSwap, MARK, mark, store } from '../../../hw/isa/index.ts';
import { spinAWhile } from '../spinning.ts';
import { FREE, FutexMutex, HELD } from './futex-mutex.ts';
import { KernelMutex } from './kernel-mutex.ts';
import type { LockKind } from './lock.ts';

class SpinThenFutex extends FutexMutex {
  // DOC: spin-then-futex
  protected override *await(): Code {
    for (;;) {
      // Where somebody sleeps already, the word is another one at once.
      if ((yield* spinAWhile(this.word, HELD)) !== FREE) break;
      if ((yield compareAndSwap(this.word, FREE, HELD)) === FREE) return;
    }
    yield* super.await();
  }
}

class SpinThenKernelMutex extends KernelMutex {
  override *acquire(): Code {
    yield mark(MARK.atomic, this.held, 4);
    yield* spinAWhile(this.held, 1);
    yield* super.acquire();
    yield store(this.held, 1);
  }

  override *release(): Code {
    yield store(this.held, 0);
    yield* super.release();
  }

  /** What says whether the lock is held: not at every moment, which does no harm. */
  private get held(): number {
    return this.word + 4;
  }
}

export const spinThenBlockLock: LockKind = {
  id: 'spin-then-block',
  summary: 'Spins for a while, then sleeps on a futex',
  fifo: false,
  blocking: true,
  size: () => 4,
  nodeSize: 0,
  at: (address) => new SpinThenFutex(address),
};

export const spinThenKernelMutex: LockKind = {
  id: 'spin-then-kernel-mutex',
  summary: 'Spins for a while, then asks for a mutex of the kernel',
  fifo: false,
  blocking: true,
  size: () => 8,
  nodeSize: 0,
  at: (address) => new SpinThenKernelMutex(address),
};
