/** A lock of one's own: a ticket lock whose waiters ask the next ticket and the one that is served in one line. */
import { type Code, fetchAndAdd, load, MARK, mark, spinUntil, store } from 'eddy-os/userland';
import type { Lock, LockKind } from 'eddy-os/userland';

class MyLock implements Lock {
  private readonly next: number;

  constructor(address: number) {
    this.next = address;
  }

  *acquire(): Code {
    yield mark(MARK.lockWanted, this.next);
    yield spinUntil(this.next + 4, yield fetchAndAdd(this.next, 1));
    yield mark(MARK.lockAcquired, this.next);
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.next);
    yield store(this.next + 4, (yield load(this.next + 4)) + 1);
  }
}

export default {
  id: 'my-lock',
  summary: 'A ticket lock, both counters in one line',
  fifo: true,
  blocking: false,
  size: () => 8,
  nodeSize: 0,
  at: (address) => new MyLock(address),
} satisfies LockKind;
