/**
 * Iterative context bounding: Musuvathi & Qadeer, *Iterative Context Bounding for Systematic Testing of
 * Multithreaded Programs*, PLDI 2007. Every schedule without a preemption, then every one with 1, with 2, …: most
 * bugs need few, and the first that fails has as few as possible. Who goes on where an actor cannot is free: all
 * choices are tried.
 *
 * Each schedule runs once: it is the list of its switches, and its children have one switch more, later.
 */
import type { Machine } from '../../hw/machine.ts';
import type { Search } from './every-execution.ts';
import type { Schedule } from './schedule.ts';
import { Turn } from './turn.ts';

/** Children of one schedule: step and actor of their last switches, in pairs. */
interface Family {
  readonly parent: Schedule;
  readonly last: Int32Array;
}

export class PreemptionBound implements Search {
  readonly redundant = 0;
  readonly needsFootprint = false;
  /** All schedules with at most so many preemptions have been run; −1: not even those without. */
  complete = -1;
  private readonly most: number;
  private bound = 0;
  private families: Family[] = [];
  private dearer: Family[] = [];
  private family = 0;
  private child = 0;
  private schedule: Schedule = [];
  /** What this execution has shown that could be done otherwise, without a preemption and with one. */
  private free: number[] = [];
  private dear: number[] = [];
  private turn = new Turn(0);
  private step = 0;
  private at = 0;
  /** Whether more preemptions than allowed would give more schedules. */
  private cut = false;

  /** @param most preemptions at most */
  constructor(most: number) {
    this.most = most;
  }

  /** Whether all schedules there are have been run, however many preemptions they have. */
  get isEverything(): boolean {
    return this.complete === this.bound && !this.cut;
  }

  begin(machine: Machine): void {
    this.turn = new Turn(machine.harts);
    this.free = [];
    this.dear = [];
    this.step = 0;
    this.at = 0;
  }

  choose(runnable: readonly number[]): number | undefined {
    const { turn, schedule } = this;
    let actor = turn.usual(runnable);
    const due = schedule[this.at];
    if (due === undefined) this.offer(runnable, actor);
    else if (due.step === this.step) {
      actor = due.actor;
      this.at++;
    }
    turn.take(actor);
    this.step++;
    return actor;
  }

  // DOC: more-preemptions
  next(): boolean {
    this.keep(this.families, this.free);
    this.keep(this.dearer, this.dear);
    while (!this.takeChild()) {
      this.complete = this.bound;
      if (this.dearer.length === 0) return false;
      this.bound++;
      this.families = this.dearer;
      this.dearer = [];
      this.family = 0;
    }
    return true;
  }

  private offer(runnable: readonly number[], usual: number): void {
    for (const other of runnable) {
      if (other === usual) continue;
      const isPreemption = this.turn.preempts(runnable, other);
      if (!isPreemption) this.free.push(this.step, other);
      else if (this.bound < this.most) this.dear.push(this.step, other);
      else this.cut = true;
    }
  }

  private keep(families: Family[], last: readonly number[]): void {
    if (last.length > 0) families.push({ parent: this.schedule, last: Int32Array.from(last) });
  }

  /** Goes on to the next schedule with as many preemptions; gives false when there is none. */
  private takeChild(): boolean {
    const family = this.families[this.family];
    if (family === undefined) return false;
    const { parent, last } = family;
    const [step, actor] = last.subarray(this.child, this.child + 2);
    this.schedule = [...parent, { step: step as number, actor: actor as number }];
    this.child += 2;
    if (this.child === last.length) {
      this.family++;
      this.child = 0;
    }
    return true;
  }
}
