/**
 * Exhaustive search of schedules with dynamic partial-order reduction: every execution that differs from the
 * others in the order of some dependent steps is run, and few that do not. Abdulla, Aronis, Jonsson & Sagonas,
 * *Optimal Dynamic Partial Order Reduction*, POPL 2014: source sets and sleep sets.
 *
 * Programs cannot be copied, so each execution runs from the start: `Dpor` is the arbiter of one execution
 * after another, and remembers the tree of choices between them.
 */
import type { Footprint } from '../../hw/hart/footprint.ts';
import type { Machine } from '../../hw/machine.ts';
import { hartOfActor } from '../../hw/sequencer/arbiter.ts';
import type { Search } from './every-execution.ts';
import { dependent, type Step } from './step.ts';

/** Where a part of a search begins: those who act first, one by one, and who need not be tried next. */
export interface Prefix {
  readonly actors: readonly number[];
  readonly sleep: ReadonlyMap<number, Step>;
}

/** A point of choice on the current path. */
interface Node {
  readonly runnable: readonly number[];
  /** Actors whose next step was tried before, elsewhere, with nothing dependent since. */
  readonly sleep: ReadonlyMap<number, Step>;
  /** Actors tried here, with what they did. */
  readonly done: Map<number, Step>;
  /** Actors that must be tried here. */
  readonly backtrack: Set<number>;
  actor: number;
  step: Step | undefined;
  /** Vector clock of the step: for each actor, the last of its steps that happened before this one. */
  clock: readonly number[];
}

export class Dpor implements Search {
  /** Executions cut short because all that could follow had been seen. */
  redundant = 0;
  readonly needsFootprint = true;
  protected readonly nodes: Node[] = [];
  private readonly harts: number;
  protected depth = 0;
  private machine: Machine | undefined;
  private footprint: Footprint | undefined;
  private clocks: number[][] = [];
  /** Clocks of the steps that put the stores into each hart's buffer which still wait there. */
  private pushed: (readonly number[])[][] = [];
  /** Clocks of the steps after which each device event was on its way. */
  private begun = new Map<number, readonly number[]>();
  private waiting = 0;
  private readonly prefix: Prefix;

  /** @param prefix how every execution begins; all else is searched elsewhere */
  constructor(harts: number, prefix: Prefix = { actors: [], sleep: new Map() }) {
    this.harts = harts;
    this.prefix = prefix;
  }

  /** Begins an execution on a machine that has just been built. */
  begin(machine: Machine, footprint: Footprint): void {
    this.machine = machine;
    this.footprint = footprint;
    this.depth = 0;
    const { count } = machine.actors;
    this.clocks = Array.from({ length: count }, () => new Array<number>(count).fill(0));
    this.begun = new Map();
    this.pushed = Array.from({ length: this.harts }, () => []);
  }

  choose(runnable: readonly number[]): number | undefined {
    this.finishStep();
    const node = this.nodes[this.depth] ?? this.open(runnable);
    if (node === undefined) {
      this.redundant++;
      return undefined;
    }
    this.depth++;
    this.footprint?.clear();
    if (node.actor < 2 * this.harts)
      this.waiting = this.machine?.pendingStores(hartOfActor(node.actor, this.harts)) ?? 0;
    return node.actor;
  }

  /** Ends an execution; gives false when none is left to run. */
  next(): boolean {
    this.finishStep();
    const { length } = this.prefix.actors;
    for (
      let node = this.nodes.at(-1);
      node !== undefined && this.nodes.length > length;
      node = this.nodes.at(-1)
    ) {
      if (node.step !== undefined) node.done.set(node.actor, node.step);
      const untried = [...node.backtrack].find((actor) => !node.done.has(actor) && !node.sleep.has(actor));
      if (untried !== undefined) {
        node.actor = untried;
        node.step = undefined;
        return true;
      }
      this.nodes.pop();
    }
    return false;
  }

  private open(choices: readonly number[]): Node | undefined {
    const parent = this.nodes.at(-1);
    const runnable = [...choices];
    const sleep = this.asleep(parent);
    const actor = this.prefix.actors[this.depth] ?? this.first(runnable, sleep, parent);
    if (actor === undefined) return undefined;
    const node: Node = {
      runnable,
      sleep,
      done: new Map(),
      backtrack: this.tried(actor, runnable, sleep),
      actor,
      step: undefined,
      clock: [],
    };
    this.nodes.push(node);
    return node;
  }

  /** Who is tried first. */
  private first(
    runnable: readonly number[],
    sleep: ReadonlyMap<number, Step>,
    parent: Node | undefined,
  ): number | undefined {
    const awake = runnable.filter((actor) => !sleep.has(actor));
    // Going on with the same hart keeps schedules readable: few switches.
    return parent !== undefined && awake.includes(parent.actor) ? parent.actor : awake[0];
  }

  /** Who is tried at a new node in any case. */
  protected tried(
    actor: number,
    _runnable: readonly number[],
    _sleep: ReadonlyMap<number, Step>,
  ): Set<number> {
    return new Set([actor]);
  }

  private asleep(parent: Node | undefined): ReadonlyMap<number, Step> {
    const { actors, sleep } = this.prefix;
    if (this.depth < actors.length) return new Map();
    return this.depth === actors.length || parent === undefined ? sleep : this.stillAsleep(parent);
  }

  protected stillAsleep(parent: Node): Map<number, Step> {
    const asleep = new Map<number, Step>();
    const step = parent.step as Step;
    for (const [actor, other] of [...parent.sleep, ...parent.done]) {
      if (actor !== parent.actor && !dependent(other, step)) asleep.set(actor, other);
    }
    return asleep;
  }

  // DOC: finish-step
  /** The step chosen last has been executed: what it raced with must be tried the other way round, too. */
  protected finishStep(): void {
    const node = this.nodes[this.depth - 1];
    if (node === undefined || this.footprint === undefined) return;
    node.step ??= {
      actor: node.actor,
      touched: new Set(this.footprint.touched),
      written: new Set(this.footprint.written),
    };
    const { step } = node;
    const clock = [...(this.clocks[step.actor] as number[])];
    if (step.actor >= this.harts) join(clock, this.pushed[step.actor - this.harts]?.shift());
    join(clock, this.begun.get(step.actor));
    for (let index = this.depth - 2; index >= 0; index--) {
      const earlier = this.nodes[index] as Node;
      const before = earlier.step as Step;
      if (before.actor === step.actor || !dependent(before, step)) continue;
      const isReversible = index >= this.prefix.actors.length;
      if (isReversible && (clock[before.actor] as number) <= index) this.reverse(index, step.actor, clock);
      join(clock, earlier.clock);
    }
    clock[step.actor] = this.depth;
    node.clock = clock;
    this.clocks[step.actor] = clock;
    this.noteStore(step.actor, clock);
    this.noteEvents(step.actor, clock);
  }

  private noteStore(actor: number, clock: readonly number[]): void {
    if (actor >= this.harts || this.machine === undefined) return;
    if (this.machine.pendingStores(actor) > this.waiting) this.pushed[actor]?.push(clock);
  }

  private noteEvents(actor: number, clock: readonly number[]): void {
    this.begun.delete(actor);
    for (const event of this.machine?.pendingEvents() ?? [])
      if (!this.begun.has(event)) this.begun.set(event, clock);
  }

  /**
   * The step that has just been executed races with the one at `index`: an execution in which it comes first
   * must be run. It begins with one of the *initials*: actors of steps since then that do not depend on the
   * step at `index`, nor on each other's earlier ones.
   */
  private reverse(index: number, actor: number, clock: readonly number[]): void {
    const node = this.nodes[index] as Node;
    const initials: number[] = [];
    const passed: { actor: number; at: number }[] = [];
    const consider = (candidate: number, its: readonly number[]): void => {
      if (passed.every((other) => (its[other.actor] as number) <= other.at)) initials.push(candidate);
    };
    for (let at = index + 1; at < this.depth - 1; at++) {
      const between = this.nodes[at] as Node;
      if ((between.clock[node.actor] as number) > index) continue;
      consider(between.actor, between.clock);
      passed.push({ actor: between.actor, at });
    }
    consider(actor, clock);
    if (initials.some((initial) => node.backtrack.has(initial))) return;
    const first = initials.find((initial) => node.runnable.includes(initial));
    if (first !== undefined) node.backtrack.add(first);
    else for (const runnable of node.runnable) node.backtrack.add(runnable);
  }
}

function join(into: number[], other: readonly number[] | undefined): void {
  other?.forEach((value, index) => {
    if (value > (into[index] as number)) into[index] = value;
  });
}
