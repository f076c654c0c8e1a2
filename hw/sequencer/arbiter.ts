/**
 * Who acts next. By default time decides (the sequencer's own `timed` order); an arbiter given to
 * `machine.runArbitrated` decides instead: the seam through which a test owns the schedule.
 */
import { splitMix } from './split-mix.ts';

export interface Arbiter {
  /**
   * Chooses one of the actors that can act (actors.ts): a hart by its number, (`tso`) the drain of a hart's store
   * buffer, or (`machine.chooseEvents`) a device event.
   * @param runnable actors, ascending, never empty; a hart that spins on an unchanged word is not among them
   * @param step how many steps have been taken
   * @returns a member of `runnable`, or undefined to stop the run
   */
  choose(runnable: readonly number[], step: number): number | undefined;
}

/** The number under which the drain of a hart's oldest buffered store is an actor. */
export const drainActor = (hart: number, harts: number): number => harts + hart;

/** The hart that an actor's step belongs to. */
export const hartOfActor = (actor: number, harts: number): number => (actor < harts ? actor : actor - harts);

/** Follows a list of hart numbers; where the one due cannot act, the lowest that can goes. Stops at the end. */
export class ScriptedArbiter implements Arbiter {
  private readonly script: readonly number[];

  constructor(script: readonly number[]) {
    this.script = script;
  }

  choose(runnable: readonly number[], step: number): number | undefined {
    const due = this.script[step];
    return due === undefined || runnable.includes(due) ? due : runnable[0];
  }
}

/** Chooses uniformly at random, from a seed. */
export class RandomArbiter implements Arbiter {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = splitMix(seed);
  }

  choose(runnable: readonly number[]): number | undefined {
    return runnable[this.random() % runnable.length];
  }
}
