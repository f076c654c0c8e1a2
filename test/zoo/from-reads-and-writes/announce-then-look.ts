/**
 * Planted: Peterson's lock without the turn. A thread announces itself, then waits until the other is not
 * there. No two get in, but two that announce themselves together wait for each other for ever.
 */
import { type Code, fence, spinUntil, store } from '../../../hw/isa/index.ts';
import type { NumberedLock } from '../../../userland/sync/from-reads-and-writes/numbered-lock.ts';

export class AnnounceThenLook implements NumberedLock {
  private readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  *acquire(me: number): Code {
    yield store(this.address + 4 * me, 1);
    yield fence();
    yield spinUntil(this.address + 4 * (1 - me), 0);
  }

  *release(me: number): Code {
    yield store(this.address + 4 * me, 0);
  }
}
