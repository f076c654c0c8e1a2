/** Planted: a lock that looks whether it is free, then takes it, in two instructions. Two threads may both look first. */
import { type Code, load, spinUntil, store } from '../../../hw/isa/index.ts';
import type { NumberedLock } from '../../../userland/sync/from-reads-and-writes/numbered-lock.ts';

const FREE = 0;
const HELD = 1;

export class LookThenTake implements NumberedLock {
  private readonly word: number;

  constructor(address: number) {
    this.word = address;
  }

  *acquire(): Code {
    if ((yield load(this.word)) === HELD) yield spinUntil(this.word, FREE);
    yield store(this.word, HELD);
  }

  *release(): Code {
    yield store(this.word, FREE);
  }
}
