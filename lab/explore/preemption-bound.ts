/**
 * Iterative context bounding: Musuvathi & Qadeer, *Iterative Context Bounding for Systematic Testing of
 * Multithreaded Programs*, PLDI 2007. Every schedule without a preemption, then every one with 1, with 2, …: most
 * bugs need few, and the first that fails has as few as possible. Who goes on where an actor cannot is free: all
 * choices are tried.
 */
import type { Machine } from '../../hw/machine.ts';
import { Bounded, BoundedInTurn, type Rule } from './bounded.ts';
import { Turn } from './turn.ts';

/** The search in parts. @param most preemptions at most */
export const preemptionBound = (most: number): Bounded => new Bounded(most, ruleFor, says);

/** The search by itself. */
export class PreemptionBound extends BoundedInTurn {
  /** @param most preemptions at most */
  constructor(most: number) {
    super(preemptionBound(most));
  }
}

function ruleFor(machine: Machine): Rule {
  const turn = new Turn(machine.harts);
  return {
    usual: (runnable) => turn.usual(runnable),
    cost: (runnable, actor) => Number(turn.preempts(runnable, actor)),
    take: (actor) => turn.take(actor),
  };
}

function says(complete: number, isEverything: boolean): string {
  if (complete < 0) return 'not yet every schedule without a preemption';
  if (isEverything) return 'every schedule';
  return `every schedule with at most ${complete} preemption${complete === 1 ? '' : 's'}`;
}
