import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReadyWheel } from '../../../hw/sequencer/ready-wheel.ts';
import { effort } from '../effort.ts';
import { LinearScheduler } from './linear-scheduler.ts';

/** How far a hart goes when it acts: often not at all or a little, sometimes beyond any wheel. */
const jump = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1000, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 16_380, max: 16_390 }) },
  { weight: 1, arbitrary: fc.integer({ min: 2 ** 20, max: 2 ** 33 }) },
);

/** What happens when a hart acts: it goes on, waits for somebody to wake it, and may wake another. */
const act = fc.record({ jump, waits: fc.boolean(), wakes: fc.option(jump, { nil: undefined }) });

describe('the ready wheel', () => {
  test('takes the same hart at the same cycle as a scheduler that looks at all of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.array(jump, { minLength: 40, maxLength: 40 }),
        fc.array(act, { maxLength: 300 }),
        (harts, seed, starts, acts) => {
          const clock = new Float64Array(harts);
          const wheel = new ReadyWheel(clock, seed);
          const linear = new LinearScheduler(clock, seed);
          const waiting: number[] = [];
          const insert = (hart: number, cycle: number): void => {
            clock[hart] = cycle;
            wheel.insert(hart);
            linear.insert(hart);
          };
          for (let hart = 0; hart < harts; hart++) insert(hart, starts[hart] as number);
          for (const { jump: ahead, waits, wakes } of acts) {
            const cycle = wheel.nextCycle();
            expect(cycle).toBe(linear.nextCycle());
            if (cycle === Number.POSITIVE_INFINITY) break;
            const hart = wheel.take(cycle);
            expect(hart).toBe(linear.take(cycle));
            const woken = wakes === undefined ? undefined : waiting.shift();
            if (woken !== undefined && wakes !== undefined) insert(woken, cycle + wakes);
            if (waits) waiting.push(hart);
            else insert(hart, cycle + ahead);
          }
        },
      ),
      effort(300),
    );
  });

  test('keeps a hart that was far ahead in its place when others come up to it', () => {
    const clock = Float64Array.of(40_000, 0);
    const wheel = new ReadyWheel(clock, 1);
    wheel.insert(0);
    wheel.insert(1);
    const order: [number, number][] = [];
    for (let step = 0; step < 5; step++) {
      const cycle = wheel.nextCycle();
      const hart = wheel.take(cycle);
      order.push([hart, cycle]);
      clock[hart] = cycle + 15_000;
      wheel.insert(hart);
    }
    expect(order).toEqual([
      [1, 0],
      [1, 15_000],
      [1, 30_000],
      [0, 40_000],
      [1, 45_000],
    ]);
  });

  test('is empty when every hart is out', () => {
    const wheel = new ReadyWheel(new Float64Array(2), 1);
    wheel.insert(0);
    wheel.take(wheel.nextCycle());
    expect(wheel.nextCycle()).toBe(Number.POSITIVE_INFINITY);
  });

  test('refuses a hart that would act in the past', () => {
    const clock = Float64Array.of(10, 5);
    const wheel = new ReadyWheel(clock, 1);
    wheel.insert(0);
    wheel.take(wheel.nextCycle());
    expect(() => wheel.insert(1)).toThrow(RangeError);
  });
});
