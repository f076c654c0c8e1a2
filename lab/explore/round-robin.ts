/**
 * Round robin with k delays: Emmi, Qadeer & Rakamarić, *Delay-Bounded Scheduling*, POPL 2011. The actors stand in a
 * ring. Whoever acts goes on; when it cannot, or pauses, the next in the ring that can. A *delay* passes over the one
 * whose turn it is, so that the next in the ring goes on: of one that could have gone on this is a preemption. Every
 * schedule without a delay is run (there is one), then every one with 1, with 2, …, up to k.
 *
 * It differs from `PreemptionBound` in that nothing is free: who goes on is settled by the ring, and to choose
 * otherwise costs as many delays as actors are passed over. With n steps there are some n^k schedules whatever the
 * number of harts, far fewer than with k preemptions; a bug may need more delays than preemptions.
 */
import type { Machine } from '../../hw/machine.ts';
import { Bounded, BoundedInTurn, type Rule } from './bounded.ts';
import { Turn } from './turn.ts';

/** The search in parts. @param most delays at most */
export const roundRobin = (most: number): Bounded => new Bounded(most, (machine) => new Ring(machine), says);

/** The search by itself. */
export class RoundRobin extends BoundedInTurn {
  /** @param most delays at most */
  constructor(most: number) {
    super(roundRobin(most));
  }
}

class Ring implements Rule {
  private readonly machine: Machine;
  private readonly turn: Turn;
  /** Those who can act, in the order in which it would be their turn. */
  private order: readonly number[] = [];

  constructor(machine: Machine) {
    this.machine = machine;
    this.turn = new Turn(machine.harts);
  }

  usual(runnable: readonly number[]): number {
    this.order = this.inOrder(runnable);
    return this.order[0] as number;
  }

  cost(_runnable: readonly number[], actor: number): number {
    // A device event is at no place in the ring: it comes between.
    if (this.machine.actors.isEvent(actor)) return 1;
    return this.order.indexOf(actor);
  }

  take(actor: number): void {
    this.turn.take(actor);
  }

  // DOC: round-robin
  private inOrder(runnable: readonly number[]): number[] {
    const { current = -1, paused } = this.turn;
    const first = paused ? current + 1 : current;
    const isEvent = (actor: number): boolean => this.machine.actors.isEvent(actor);
    const place = (actor: number): number => (isEvent(actor) ? 2 : Number(actor < first));
    return runnable.toSorted((left, right) => place(left) - place(right) || left - right);
  }
}

function says(complete: number, isEverything: boolean): string {
  if (complete < 0) return 'not yet the schedule without a delay';
  if (isEverything) return 'every schedule';
  return `every round-robin schedule with at most ${complete} delay${complete === 1 ? '' : 's'}`;
}
