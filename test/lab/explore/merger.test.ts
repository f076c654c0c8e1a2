/** What comes of parts in any order is what comes of them one after another. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartResult } from '../../../lab/explore/carry-out.ts';
import type { Division } from '../../../lab/explore/division.ts';
import { Merger, type Numbered } from '../../../lab/explore/merger.ts';
import type { Failed } from '../../../lab/explore/subject.ts';

/** Parts by number, of which some exist only when an earlier one has been learnt from. */
interface Plan {
  readonly parts: readonly { readonly schedules: number; readonly fails: boolean; readonly after: number }[];
  readonly limit: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  parts: fc.array(
    fc.record({
      schedules: fc.integer({ min: 1, max: 5 }),
      fails: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
      after: fc.nat(40),
    }),
    { maxLength: 40 },
  ),
  limit: fc.integer({ min: 1, max: 150 }),
});

class Planned implements Division {
  readonly learntFrom: unknown[] = [];
  private readonly parts: Plan['parts'];
  private at = 0;

  constructor({ parts }: Plan) {
    this.parts = parts;
  }

  next(): unknown {
    const part = this.parts[this.at];
    if (part === undefined || this.learntFrom.length < Math.min(part.after, this.at)) return undefined;
    return this.at++;
  }

  learn(part: unknown, learnt: unknown): void {
    expect(learnt).toBe(`from ${part}`);
    this.learntFrom.push(part);
  }

  searchOf(): never {
    throw new Error('nothing is searched here');
  }

  coverage() {
    return { bound: null, text: '' };
  }
}

const failure = (part: number): Failed => ({
  schedule: [],
  preemptions: 0,
  steps: part,
  failure: { invariant: 'planned', message: `part ${part}` },
});

/** @param pick which of the parts under way is ready next; so many are under way at most */
function merged(plan: Plan, atOnce: number, pick: (under: number) => number) {
  const division = new Planned(plan);
  const merger = new Merger(division, plan.limit);
  const under: Numbered[] = [];
  while (!merger.over) {
    for (
      let next = merger.next();
      next !== undefined;
      next = under.length < atOnce ? merger.next() : undefined
    )
      under.push(next);
    const [ready] = under.splice(pick(under.length), 1);
    if (ready === undefined) break;
    const part = ready.part as number;
    const { schedules, fails } = plan.parts[part]!;
    const result: PartResult = {
      schedules,
      failed: fails ? failure(part) : undefined,
      isWhole: true,
      learnt: `from ${part}`,
    };
    merger.take(ready.number, result);
  }
  const { schedules, failed, exhausted } = merger;
  return { schedules, failed: failed?.steps, exhausted };
}

describe('the results of parts', () => {
  test('come to the same in any order, however many are under way', () => {
    fc.assert(
      fc.property(
        plan,
        fc.integer({ min: 2, max: 8 }),
        fc.infiniteStream(fc.nat(100)),
        (plan, atOnce, dice) => {
          const inOrder = merged(plan, 1, () => 0);
          const pick = (under: number): number => (under === 0 ? 0 : (dice.next().value as number) % under);
          expect(merged(plan, atOnce, pick)).toEqual(inOrder);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('end at the first failure, with the schedules up to it', () => {
    const parts = [false, false, true, true].map((fails) => ({ schedules: 2, fails, after: 0 }));
    expect(merged({ parts, limit: 100 }, 4, (under) => under - 1)).toEqual({
      schedules: 6,
      failed: 2,
      exhausted: false,
    });
  });

  test('end at the limit, even where a failure is found beyond it', () => {
    const parts = [false, true].map((fails) => ({ schedules: 2, fails, after: 0 }));
    expect(merged({ parts, limit: 3 }, 2, () => 0)).toEqual({
      schedules: 3,
      failed: undefined,
      exhausted: false,
    });
  });
});
