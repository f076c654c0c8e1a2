/**
 * Vector clocks (Lamport 1978; Mattern 1989). An actor's time counts its stores and releases; a clock says of every
 * actor up to which of its times one knows what it did. Clocks are never changed but replaced, so that a store
 * can keep the clock of its moment for nothing.
 */
import type { Actor } from '../actor.ts';

/** The time that is known of each actor, by index. What is missing is 0. */
export type Clock = readonly number[];

export const NOTHING: Clock = [];

/** All that either clock knows. */
export function joined(left: Clock, right: Clock): Clock {
  if (left === right || right.every((time, index) => time <= (left[index] ?? 0))) return left;
  const longest = Math.max(left.length, right.length);
  return Array.from({ length: longest }, (_, index) => Math.max(left[index] ?? 0, right[index] ?? 0));
}

/** A clock that also knows an actor up to a time. */
export function withTime(clock: Clock, { index }: Actor, time: number): Clock {
  if ((clock[index] ?? 0) >= time) return clock;
  const longest = Math.max(clock.length, index + 1);
  return Array.from({ length: longest }, (_, each) => (each === index ? time : (clock[each] ?? 0)));
}

/** The moment of one actor: its own time, and what it knows of the others. */
export class Timeline {
  readonly who: Actor;
  time = 1;
  knows: Clock = NOTHING;

  constructor(who: Actor) {
    this.who = who;
  }

  /** All that it has done and knows. */
  get all(): Clock {
    return withTime(this.knows, this.who, this.time);
  }

  /** Learns what a clock knows: an acquire. */
  learn(clock: Clock): void {
    this.knows = joined(this.knows, clock);
  }

  /** What it does from now on is later than what has been told. */
  tick(): void {
    this.time++;
  }
}
