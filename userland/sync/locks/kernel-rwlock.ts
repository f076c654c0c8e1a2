/** A reader-writer lock of the kernel, which counts readers near their harts. Each side is a system call. */
import { type Code, MARK, mark } from '../../../hw/isa/index.ts';
import { orThrow } from '../../runtime/system-call-error.ts';
import { rwlockCreate, rwlockRead, rwlockUnlock, rwlockWrite } from '../../runtime/sync-calls.ts';
import { handleIn } from '../kernel-object.ts';
import type { LockKind, SharedLock } from './lock.ts';

const FOR_EVER = 0;
const AS_CONFIGURED = 0;

export class KernelRwlock implements SharedLock {
  private readonly word: number;

  constructor(address: number) {
    this.word = address;
  }

  *acquire(): Code {
    yield mark(MARK.lockWanted, this.word);
    orThrow('rwlockWrite', yield* rwlockWrite(yield* this.handle(), FOR_EVER));
    yield mark(MARK.lockAcquired, this.word);
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.word);
    yield* this.releaseShared();
  }

  *acquireShared(): Code {
    orThrow('rwlockRead', yield* rwlockRead(yield* this.handle(), FOR_EVER));
  }

  *releaseShared(): Code {
    orThrow('rwlockUnlock', yield* rwlockUnlock(yield* this.handle()));
  }

  private *handle(): Code<number> {
    return yield* handleIn(this.word, 'rwlockCreate', () => rwlockCreate(AS_CONFIGURED));
  }
}

export const kernelRwlock: LockKind<SharedLock> = {
  id: 'kernel-rwlock',
  summary: 'Many read or one writes: a lock of the kernel, with counts of readers near them',
  fifo: true,
  blocking: true,
  size: () => 4,
  nodeSize: 0,
  at: (address) => new KernelRwlock(address),
};
