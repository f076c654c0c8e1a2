/**
 * Partial-order reduction in parts. A survey tries every actor at each of the first steps, but those that sleep: how
 * schedules can begin. Each beginning is a part, below which `Dpor` searches as always. Since sleep sets go down into
 * the parts, each order of dependent steps is still executed in one of them only (Godefroid, *Partial-Order Methods for
 * the Verification of Concurrent Systems*, 1996, chapter 5); more executions are cut short than in one search.
 *
 * Beginnings grow until there are enough of them, whatever the number of jobs: so the parts are always the same.
 */
import type { Coverage, Division, PartSearch } from './division.ts';
import { Dpor, type Prefix } from './dpor.ts';
import type { Step } from './step.ts';

export type DporPart =
  | { readonly kind: 'survey'; readonly depth: number }
  | { readonly kind: 'below'; readonly prefix: Prefix };

/** What a survey found. */
export interface DporLearnt {
  readonly prefixes: readonly Prefix[];
  /** Whether no execution goes on below them. */
  readonly isAll: boolean;
}

const ENOUGH = 48;
/** Steps by which beginnings grow. */
const GROWTH = 3;

export class DporParts implements Division<DporPart, DporLearnt> {
  private readonly harts: number;
  private depth = 0;
  private prefixes: readonly Prefix[] | undefined;
  private at = 0;
  private isSurveying = false;

  constructor(harts: number) {
    this.harts = harts;
  }

  next(): DporPart | undefined {
    if (this.isSurveying) return undefined;
    if (this.prefixes === undefined) {
      this.isSurveying = true;
      this.depth += GROWTH;
      return { kind: 'survey', depth: this.depth };
    }
    const prefix = this.prefixes[this.at++];
    return prefix && { kind: 'below', prefix };
  }

  learn(part: DporPart, { prefixes, isAll }: DporLearnt): void {
    if (part.kind !== 'survey') return;
    this.isSurveying = false;
    if (isAll || prefixes.length >= ENOUGH) this.prefixes = prefixes;
  }

  searchOf(part: DporPart): PartSearch<DporLearnt> {
    return part.kind === 'survey' ? new Survey(this.harts, part.depth) : new Below(this.harts, part.prefix);
  }

  coverage(exhausted: boolean): Coverage {
    const all = 'every schedule, up to the order of independent steps';
    return { bound: null, text: exhausted ? all : 'some schedules; others may fail' };
  }
}

class Below extends Dpor implements PartSearch<DporLearnt> {
  readonly learnt: DporLearnt = { prefixes: [], isAll: true };
}

class Survey extends Dpor implements PartSearch<DporLearnt> {
  readonly isSurvey = true;
  private readonly until: number;
  private readonly prefixes: Prefix[] = [];
  private isAll = true;
  private isCut = false;

  constructor(harts: number, until: number) {
    super(harts);
    this.until = until;
  }

  get learnt(): DporLearnt {
    return { prefixes: this.prefixes, isAll: this.isAll };
  }

  override choose(runnable: readonly number[]): number | undefined {
    if (this.depth < this.until) {
      const actor = super.choose(runnable);
      // All who could go on sleep: this begins nothing new.
      if (actor === undefined) this.isCut = true;
      return actor;
    }
    this.finishStep();
    this.isCut = true;
    this.isAll = false;
    const sleep = this.stillAsleep(this.nodes.at(-1) as (typeof this.nodes)[number]);
    if (runnable.some((actor) => !sleep.has(actor))) this.prefixes.push({ actors: this.actors, sleep });
    return undefined;
  }

  override next(): boolean {
    if (!this.isCut) this.prefixes.push({ actors: this.actors, sleep: new Map() });
    this.isCut = false;
    return super.next();
  }

  protected override tried(
    actor: number,
    runnable: readonly number[],
    sleep: ReadonlyMap<number, Step>,
  ): Set<number> {
    return new Set([actor, ...runnable.filter((other) => !sleep.has(other))]);
  }

  private get actors(): number[] {
    return this.nodes.map((node) => node.actor);
  }
}
