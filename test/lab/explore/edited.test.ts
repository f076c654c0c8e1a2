/** A schedule is replayed on a program that has been edited since: anchors find the bug again where steps miss it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Code, load, store, work } from '../../../hw/isa/index.ts';
import { findFailure } from '../../../lab/explore/find-failure.ts';
import { PreemptionBound } from '../../../lab/explore/preemption-bound.ts';
import type { Schedule } from '../../../lab/explore/schedule.ts';
import { anchored, executeBy, type Subject } from '../../../lab/explore/subject.ts';
import { place } from '../../../userland/index.ts';
import { counting, PLANTED, type Planted } from './planted.ts';

const NOTES = 0x8000;
/** Instructions that have nothing to do with the program: what an edit puts between, or takes away. */
type Filler = 'load' | 'store' | 'work';
type Edit = readonly (readonly Filler[])[];

function* fill(fillers: readonly Filler[], hart: number): Code {
  for (const filler of fillers) {
    if (filler === 'load') yield load(NOTES + 64 * hart);
    else if (filler === 'store') yield store(NOTES + 64 * hart, 1);
    else yield work(3);
  }
}

/** The program with fillers before each of its instructions. */
const edited = ({ program }: Planted, edit: Edit): Subject =>
  counting(2, function* (hart) {
    const inner = program(hart);
    let result = 0;
    for (let at = 0; ; at++) {
      yield* fill(edit[at % edit.length] ?? [], hart);
      const { done, value } = inner.next(result);
      if (done === true) return;
      result = yield value;
    }
  });

const filler = fc.constantFrom<Filler>('load', 'store', 'work');
const edit: fc.Arbitrary<Edit> = fc.array(fc.array(filler, { maxLength: 3 }), { minLength: 1, maxLength: 6 });

const found = (subject: Subject): Schedule =>
  findFailure(subject, new PreemptionBound(2), { schedules: 5000 }).failed?.schedule ?? [];
const breaks = (schedule: Schedule, subject: Subject): string | undefined =>
  executeBy(schedule, subject).failure?.invariant;

describe.each(PLANTED)('a schedule that shows the $name', (planted) => {
  test('shows it in the edited program, too, by its anchors; by its steps it often does not', () => {
    let replays = 0;
    let missed = 0;
    fc.assert(
      fc.property(edit, edit, (before, after) => {
        const original = edited(planted, before);
        const steps = found(original);
        const anchors = anchored(steps, original);
        expect(anchors.map(({ step, actor }) => ({ step, actor }))).toEqual(steps);
        expect(breaks(anchors, original)).toBe(planted.breaks);
        expect(breaks(anchors, edited(planted, after))).toBe(planted.breaks);
        replays++;
        if (breaks(steps, edited(planted, after)) !== planted.breaks) missed++;
      }),
      { numRuns: 60, seed: 11 },
    );
    expect(missed).toBeGreaterThan(replays / 5);
  });
});

test('places count from where they are passed, so that what comes before may be of the same kind', () => {
  const [lostUpdate] = PLANTED as readonly [Planted];
  /** Adds 1 so many times well, on its own word, before the place. */
  const after = (times: number): Subject =>
    counting(2, function* (hart) {
      for (let time = 0; time < times; time++) yield load(0x2000);
      yield* place('add');
      yield* lostUpdate.program(hart);
    });
  const schedule = anchored(found(after(1)), after(1));
  expect(schedule[0]?.anchor?.place).toEqual({ name: 'add', times: 1 });
  for (const times of [0, 1, 2, 5]) expect(breaks(schedule, after(times))).toBe('count');
  const withoutPlace = schedule.map(({ step, actor, anchor }) => ({
    step,
    actor,
    anchor: { actor: 0, op: anchor!.op!, address: anchor!.address!, times: 2 },
  }));
  expect(breaks(withoutPlace, after(1))).toBe('count');
  expect(breaks(withoutPlace, after(5))).toBeUndefined();
});
