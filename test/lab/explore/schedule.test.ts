import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSchedule, parseSchedule, type Schedule } from '../../../lab/explore/schedule.ts';

const HARTS = 8;
const schedule: fc.Arbitrary<Schedule> = fc
  .uniqueArray(fc.nat(1_000_000), { maxLength: 12 })
  .chain((steps) =>
    fc
      .array(fc.nat(2 * HARTS - 1), { minLength: steps.length, maxLength: steps.length })
      .map((actors) =>
        steps.toSorted((left, right) => left - right).map((step, index) => ({ step, actor: actors[index]! })),
      ),
  );

describe('a schedule as text', () => {
  test('is read as what was written', () => {
    fc.assert(
      fc.property(schedule, (written) => {
        expect(parseSchedule(formatSchedule(written, HARTS), HARTS)).toEqual(written);
      }),
    );
  });

  test('names harts and drains', () => {
    const switches = [
      { step: 12, actor: 3 },
      { step: 40, actor: 9 },
    ];
    expect(formatSchedule(switches, HARTS)).toBe('12>h3 40>d1');
    expect(formatSchedule([], HARTS)).toBe('default');
  });

  test.each([
    ['12', "'12' is no switch; one looks like 12>h3"],
    ['12>x3', 'is no switch'],
    ['12>h8', 'the machine has 8 harts'],
    ['12>h1 12>h2', 'steps must ascend'],
    ['12>h1 3>h2', "'3>h2' comes after step 12"],
  ])('%s is refused', (text, message) => {
    expect(() => parseSchedule(text, HARTS)).toThrow(message);
  });
});
