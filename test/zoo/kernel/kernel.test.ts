/** Bugs planted in the kernel are found by searching its schedules, and none in the product. */
import { describe, expect, test } from 'vitest';
import { KERNEL_BUGS } from './catalogue.ts';
import * as product from './laboratory.ts';
import { changed } from './planted.ts';
import { SCENES, type SceneName } from './scenes/index.ts';
import { kernelTwins } from './twins.ts';

const DEEP = process.env['EDDY_DEEP'] !== undefined;
/** Schedules of a search here; those that need more are found with EDDY_DEEP. */
const MOST = DEEP ? 3000 : 560;
const EFFORT = { schedules: MOST, seeds: 1 };
const PRODUCT = DEEP ? 1000 : 15;

describe.each(KERNEL_BUGS.filter(({ schedules }) => schedules <= MOST))('$id, $title', (bug) => {
  test('is found, with as few preemptions as the catalogue says', async () => {
    const { measure, laboratory } = await kernelTwins(bug);
    const found = measure('faulty', 'bound', EFFORT);
    expect({ preemptions: found.preemptions }, JSON.stringify(found)).toEqual({
      preemptions: bug.preemptions,
    });
    const { executeBy, parseSchedule, subjectOf } = laboratory.faulty;
    const subject = subjectOf(bug.scene);
    const schedule = parseSchedule(found.schedule as string, subject.start().machine.actors);
    expect(executeBy(schedule, subject).failure?.invariant).toBe(bug.shows);
    // The same switches, as far as they mean anything there, break nothing in the product.
    expect(product.executeBy(schedule, product.subjectOf(bug.scene)).failure).toBeUndefined();
  }, 300_000);
});

test.each(KERNEL_BUGS.filter(({ sooner }) => sooner !== undefined))(
  '$id, $title, is found by $sooner',
  async ({ sooner, shows, scene, ...bug }) => {
    const { measure, laboratory } = await kernelTwins({ ...bug, scene });
    const found = measure('faulty', sooner as string, { schedules: 300, seeds: 1 });
    const { executeBy, parseSchedule, subjectOf } = laboratory.faulty;
    const subject = subjectOf(scene);
    const schedule = parseSchedule(found.schedule ?? '', subject.start().machine.actors);
    expect(executeBy(schedule, subject).failure?.invariant).toBe(shows);
  },
  300_000,
);

describe.each(Object.keys(SCENES) as SceneName[])(
  'nothing breaks in the product, in the scene %s',
  (name) => {
    const subject = product.subjectOf(name);
    const harts = SCENES[name].harts ?? 2;
    test.each(['bound', 'random', 'pct-3'])(
      'by %s',
      (strategy) => {
        const way = product.WAYS.find(({ id }) => id === strategy) as (typeof product.WAYS)[number];
        const windowed = {
          ...way,
          search: (...of: [number, number]) => new product.Window(way.search(...of)),
        };
        const twins = { id: name, harts, faulty: subject, correct: subject };
        const { schedule, schedules } = product.measure(twins, 'correct', windowed, {
          schedules: PRODUCT,
          seeds: 1,
        });
        expect(schedule).toBeNull();
        expect(schedules).toBeGreaterThan(0);
      },
      300_000,
    );
  },
);

describe('a change', () => {
  const change = { file: 'a.ts', edits: [['one', 'two']] } as const;

  test('is made where its text stands once', () => {
    expect(changed('has one of it', change)).toBe('has two of it');
  });

  test.each(['has none', 'one and one'])('is refused where it does not: %s', (source) => {
    expect(() => changed(source.replace('none', 'no such'), change)).toThrow('plant the bug anew');
  });
});
