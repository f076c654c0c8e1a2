/**
 * A mutex of the kernel: each side is a system call, also when nobody competes. First come, first served, and robust: a
 * thread that ends while it holds the lock does not leave it held.
 */
import { type Code, MARK, mark } from '../../../hw/isa/index.ts';
import { orThrow } from '../../runtime/system-call-error.ts';
import { mutexCreate, mutexLock, mutexUnlock } from '../../runtime/sync-calls.ts';
import { handleIn } from '../kernel-object.ts';
import type { Lock, LockKind } from './lock.ts';

const FOR_EVER = 0;

export class KernelMutex implements Lock {
  /** Where the handle is. */
  protected readonly word: number;

  constructor(address: number) {
    this.word = address;
  }

  // DOC: kernel-mutex
  /** @throws SystemCallError when the mutex's holder has ended (EOWNERDEAD), among others */
  *acquire(): Code {
    yield mark(MARK.lockWanted, this.word);
    orThrow('mutexLock', yield* mutexLock(yield* this.handle(), FOR_EVER));
    yield mark(MARK.lockAcquired, this.word);
  }

  /** @throws SystemCallError when the thread does not hold it */
  *release(): Code {
    yield mark(MARK.lockReleased, this.word);
    orThrow('mutexUnlock', yield* mutexUnlock(yield* this.handle()));
  }

  protected *handle(): Code<number> {
    return yield* handleIn(this.word, 'mutexCreate', mutexCreate);
  }
}

export const kernelMutex: LockKind = {
  id: 'kernel-mutex',
  summary: 'A mutex of the kernel: a system call on either side; first come, first served',
  fifo: true,
  blocking: true,
  size: () => 4,
  nodeSize: 0,
  at: (address) => new KernelMutex(address),
};
