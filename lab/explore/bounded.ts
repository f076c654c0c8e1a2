/**
 * Every schedule that departs from a rule at no cost, then every one at cost 1, 2, …: the frame of `PreemptionBound`
 * and `RoundRobin`, which differ in the rule and in what a departure costs.
 *
 * Each schedule runs once: it is the list of its departures, and its children have one more, later.
 */
import type { Machine } from '../../hw/machine.ts';
import { type Coverage, type Division, InParts, type PartSearch } from './division.ts';
import type { Schedule } from './schedule.ts';

/** Whose turn it is, and what it costs to let somebody else act. */
export interface Rule {
  usual(runnable: readonly number[]): number;
  /** What it costs to go on with `actor`, another one than `usual`, which has just been asked for. */
  cost(runnable: readonly number[], actor: number): number;
  /** `actor` acts next. */
  take(actor: number): void;
}

/** Schedules to run, whose departures cost the same. */
export interface BoundedPart {
  readonly schedules: readonly Schedule[];
  /** What another departure may cost. */
  readonly left: number;
}

/** Departures that an execution could have had besides: their cost, and steps and actors in pairs. */
type Offers = readonly (readonly [cost: number, last: Int32Array])[];

export interface BoundedLearnt {
  /** By schedule. */
  readonly offers: readonly Offers[];
  /** Whether there were departures that cost more than is allowed. */
  readonly isCut: boolean;
}

/** Children of one schedule: step and actor of their last departures, in pairs. */
interface Family {
  readonly parent: Schedule;
  readonly last: Int32Array;
}

/** Schedules in one part at most. */
const IN_PART = 32;

export class Bounded implements Division<BoundedPart, BoundedLearnt> {
  /** All schedules at this cost and less have been run; −1: not even those that cost nothing. */
  complete = -1;
  private readonly most: number;
  private readonly ruleFor: (machine: Machine) => Rule;
  private readonly says: (complete: number, isEverything: boolean) => string;
  private bound = 0;
  private isFirst = true;
  /** By cost. */
  private readonly families: Family[][] = [[]];
  private family = 0;
  private child = 0;
  private missing = 0;
  private isCut = false;

  /**
   * @param most what departures may cost together
   * @param says what is covered when all schedules up to a cost have been run
   */
  constructor(
    most: number,
    ruleFor: (machine: Machine) => Rule,
    says: (complete: number, isEverything: boolean) => string,
  ) {
    this.most = most;
    this.ruleFor = ruleFor;
    this.says = says;
  }

  /** Whether all schedules there are have been run, whatever they cost. */
  get isEverything(): boolean {
    return this.complete === this.bound && !this.isCut;
  }

  // DOC: more-preemptions
  next(): BoundedPart | undefined {
    for (;;) {
      const schedules: Schedule[] = [];
      for (let taken = this.take(); taken !== undefined; taken = this.take()) {
        schedules.push(taken);
        if (schedules.length === IN_PART) break;
      }
      if (schedules.length > 0) {
        this.missing++;
        return { schedules, left: this.most - this.bound };
      }
      if (this.missing > 0) return undefined;
      this.complete = this.bound;
      if (this.bound + 1 >= this.families.length) return undefined;
      this.families[this.bound] = [];
      this.bound++;
      this.family = 0;
    }
  }

  learn({ schedules }: BoundedPart, { offers, isCut }: BoundedLearnt): void {
    this.missing--;
    this.isCut ||= isCut;
    for (const [index, parent] of schedules.entries()) {
      for (const [cost, last] of offers[index] ?? []) {
        while (this.families.length <= this.bound + cost) this.families.push([]);
        this.families[this.bound + cost]?.push({ parent, last });
      }
    }
  }

  searchOf(part: BoundedPart): BoundedSearch {
    return new BoundedSearch(part, this.ruleFor);
  }

  coverage(): Coverage {
    const { complete, isEverything } = this;
    return { bound: complete < 0 ? null : complete, text: this.says(complete, isEverything) };
  }

  /** The next schedule that costs as much. */
  private take(): Schedule | undefined {
    if (this.isFirst) {
      this.isFirst = false;
      return [];
    }
    const family = this.families[this.bound]?.[this.family];
    if (family === undefined) return undefined;
    const { parent, last } = family;
    const [step, actor] = last.subarray(this.child, this.child + 2);
    this.child += 2;
    if (this.child === last.length) {
      this.family++;
      this.child = 0;
    }
    return [...parent, { step: step as number, actor: actor as number }];
  }
}

/** Runs the schedules of a part, and keeps what could have been done otherwise. */
class BoundedSearch implements PartSearch<BoundedLearnt> {
  readonly redundant = 0;
  readonly needsFootprint = false;
  private readonly part: BoundedPart;
  private readonly ruleFor: (machine: Machine) => Rule;
  private readonly done: Offers[] = [];
  private isCut = false;
  private schedule: Schedule = [];
  private rule: Rule | undefined;
  private offers = new Map<number, number[]>();
  private step = 0;
  private at = 0;

  constructor(part: BoundedPart, ruleFor: (machine: Machine) => Rule) {
    this.part = part;
    this.ruleFor = ruleFor;
  }

  get learnt(): BoundedLearnt {
    return { offers: this.done, isCut: this.isCut };
  }

  begin(machine: Machine): void {
    this.schedule = this.part.schedules[this.done.length] ?? [];
    this.rule = this.ruleFor(machine);
    this.offers = new Map();
    this.step = 0;
    this.at = 0;
  }

  choose(runnable: readonly number[]): number | undefined {
    const rule = this.rule as Rule;
    let actor = rule.usual(runnable);
    const due = this.schedule[this.at];
    if (due === undefined) {
      for (const other of runnable) if (other !== actor) this.offer(other, rule.cost(runnable, other));
    } else if (due.step === this.step) {
      actor = due.actor;
      this.at++;
    }
    rule.take(actor);
    this.step++;
    return actor;
  }

  next(): boolean {
    this.done.push([...this.offers].map(([cost, last]) => [cost, Int32Array.from(last)]));
    return this.done.length < this.part.schedules.length;
  }

  private offer(actor: number, cost: number): void {
    if (cost > this.part.left) {
      this.isCut = true;
      return;
    }
    const last = this.offers.get(cost);
    if (last === undefined) this.offers.set(cost, [this.step, actor]);
    else last.push(this.step, actor);
  }
}

/** A bounded search by itself. */
export class BoundedInTurn extends InParts<BoundedPart, BoundedLearnt> {
  private readonly bounded: Bounded;

  constructor(bounded: Bounded) {
    super(bounded);
    this.bounded = bounded;
  }

  /** All schedules at this cost and less have been run; −1: not even those that cost nothing. */
  get complete(): number {
    return this.bounded.complete;
  }

  /** Whether all schedules there are have been run, whatever they cost. */
  get isEverything(): boolean {
    return this.bounded.isEverything;
  }
}
