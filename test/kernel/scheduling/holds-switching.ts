/**
 * Schedules against a scheduler: a hart that is between two threads (the one that it runs has said that it waits, or it is
 * in the dispatcher and has not announced that it is idle) is held up for long, so that others come in between.
 */
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import { splitMix } from '../../../hw/sequencer/split-mix.ts';
import type { Machine } from '../../../hw/machine.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { STATE, THREAD } from '../../../kernel/threads/thread.ts';
import { SlicesArbiter } from '../objects/slices.ts';

/** Steps for which a hart is held up. */
const LONGEST = 3000;

export class HoldsSwitching implements Arbiter {
  private readonly reader: Reader;
  private readonly random: () => number;
  private readonly others: SlicesArbiter;
  /** Until which step each hart is held up; it is held up again when it has been through. */
  private readonly until = new Map<number, number>();
  private step = 0;

  constructor(machine: Machine, seed: number) {
    this.reader = new Reader(machine);
    this.random = splitMix(seed);
    this.others = new SlicesArbiter(seed);
  }

  choose(runnable: readonly number[]): number | undefined {
    this.step += 1;
    const free = runnable.filter((actor) => !this.isHeld(actor));
    return this.others.choose(free.length > 0 ? free : runnable);
  }

  private isHeld(actor: number): boolean {
    if (!this.isBetween(actor)) {
      this.until.delete(actor);
      return false;
    }
    let until = this.until.get(actor);
    if (until === undefined) {
      until = this.step + (this.random() % 2) * (this.random() % LONGEST);
      this.until.set(actor, until);
    }
    return this.step < until;
  }

  private isBetween(hart: number): boolean {
    const { reader } = this;
    if (hart >= reader.harts || !reader.loaded) return false;
    const current = reader.current(hart);
    if (current === 0) return reader.word(reader.local(hart) + HART.idle) === 0;
    const state = reader.word(current + THREAD.state);
    return state === STATE.waiting || state === STATE.runnable;
  }
}
