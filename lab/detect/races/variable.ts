/**
 * What a race detector keeps of a word (or a byte, where threads use bytes): the last write, and the reads since
 * that are not ordered among each other. As in FastTrack (Flanagan & Freund, PLDI 2009), an access is an epoch,
 * one actor's time, and not a whole clock; a write keeps the clock too, by reference, in case the word turns out
 * to be a synchronization word.
 */
import type { Access } from '../access.ts';
import { type Clock, joined, NOTHING, type Timeline, withTime } from './clock.ts';

/** An access, when its actor did it. */
export interface Event {
  readonly access: Pick<Access, 'who' | 'hart' | 'cycle' | 'op'>;
  readonly time: number;
  readonly knows: Clock;
}

export const eventOf = ({ who, hart, cycle, op }: Access, { time, knows }: Timeline): Event => ({
  access: { who, hart, cycle, op },
  time,
  knows,
});

/** Whether all of an access comes before the actor's present. */
const isBefore = ({ access, time }: Event, { who, knows }: Timeline): boolean =>
  access.who === who || (knows[access.who.index] ?? 0) >= time;

export class Variable {
  private write: Event | undefined;
  private reads: Event[] = [];
  private told: Clock | undefined;

  /** A variable with the same history. */
  copy(): Variable {
    const copy = new Variable();
    copy.write = this.write;
    copy.reads = [...this.reads];
    copy.told = this.told;
    return copy;
  }

  /** What is learnt by reading it: what the releases told, or else the last write. */
  get released(): Clock {
    const { write, told } = this;
    if (told !== undefined) return told;
    return write === undefined ? NOTHING : withTime(write.knows, write.access.who, write.time);
  }

  /** A release: a plain one replaces what was told before, a read-modify-write adds to it. */
  release(clock: Clock, adds: boolean): void {
    this.told = adds ? joined(this.released, clock) : clock;
  }

  /** Notes a read; gives the write that nothing orders with it. */
  read(event: Event, timeline: Timeline): Event | undefined {
    this.reads = this.reads.filter(
      (read) => read.access.who !== event.access.who && !isBefore(read, timeline),
    );
    this.reads.push(event);
    return this.write === undefined || isBefore(this.write, timeline) ? undefined : this.write;
  }

  /** Notes a write; gives the access that nothing orders with it. */
  overwrite(event: Event, timeline: Timeline): Event | undefined {
    const { write, reads } = this;
    this.write = event;
    this.reads = [];
    if (write !== undefined && !isBefore(write, timeline)) return write;
    return reads.find((read) => !isBefore(read, timeline));
  }
}
