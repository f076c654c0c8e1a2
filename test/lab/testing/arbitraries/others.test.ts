import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../../hw/faults/fault.ts';
import { Machine } from '../../../../hw/machine.ts';
import { bootKernel, planKernel } from '../../../../kernel/index.ts';
import { KERNEL_OPTIONS } from '../../../../lab/settings/kernel-options.ts';
import { faultLists, powerLosses } from '../../../../lab/testing/arbitraries/fault-lists.ts';
import { kernelOptionSets } from '../../../../lab/testing/arbitraries/kernel-option-sets.ts';
import { scenarios } from '../../../../lab/testing/arbitraries/scenarios.ts';
import { schedules } from '../../../../lab/testing/arbitraries/schedules.ts';
import { effort } from '../../../hw/effort.ts';
import { smallest } from './smallest.ts';

describe('drawn schedules', () => {
  test('have ascending steps, one switch at each, and actors of the machine', () => {
    fc.assert(
      fc.property(schedules({ harts: 3, steps: 20, switches: 10 }), (schedule) => {
        for (const [index, { step, actor }] of schedule.entries()) {
          expect(step).toBeGreaterThan(schedule[index - 1]?.step ?? -1);
          expect(step).toBeLessThan(20);
          expect(actor).toBeLessThan(3);
        }
      }),
      effort(300),
    );
  });

  test('name drains and device events only when they are asked for', () => {
    const most = (choice: object): number =>
      Math.max(
        ...fc.sample(schedules({ harts: 2, ...choice }), 500).flatMap((list) => list.map((s) => s.actor)),
      );
    expect(most({})).toBe(1);
    expect(most({ drains: true })).toBe(3);
    expect(most({ drains: true, events: true })).toBeGreaterThan(3);
  });

  test('shrink to nothing, to one switch, and to the earliest', () => {
    expect(smallest(schedules(), () => true)).toEqual([]);
    expect(smallest(schedules({ harts: 4 }), (list) => list.some(({ step }) => step >= 50))).toEqual([
      { step: 50, actor: 0 },
    ]);
    expect(
      smallest(schedules({ harts: 4 }), (list) => list.some(({ actor, step }) => actor === 2 && step > 10)),
    ).toEqual([{ step: 11, actor: 2 }]);
    expect(smallest(schedules(), (list) => list.length >= 3)).toEqual(
      [0, 1, 2].map((step) => ({ step, actor: 0 })),
    );
  });
});

describe('drawn faults', () => {
  const every = faultLists({ kinds: ['diskError', 'badBlock', 'delay', 'powerLoss'], most: 6 });

  test('are of every kind that is asked for', () => {
    const kinds = (list: fc.Arbitrary<readonly Fault[]>): Set<string> =>
      new Set(fc.sample(list, 300).flatMap((faults) => faults.map(({ kind }) => kind)));
    expect(kinds(every)).toEqual(new Set(['diskError', 'badBlock', 'delay', 'powerLoss']));
    expect(kinds(faultLists())).toEqual(new Set(['diskError', 'badBlock', 'delay']));
  });

  test('shrink to the one that matters', () => {
    expect(smallest(every, () => true)).toEqual([]);
    expect(
      smallest(every, (list) => list.some((one) => one.kind === 'diskError' && one.request >= 5)),
    ).toEqual([{ kind: 'diskError', request: 5 }]);
    expect(smallest(every, (list) => list.some((one) => one.kind === 'delay' && one.cycles > 900))).toEqual([
      { kind: 'delay', interrupt: 'software', nth: 0, cycles: 901 },
    ]);
  });

  test('power that is lost shrinks to the first moment, and to what time says of a write in flight', () => {
    const losses = powerLosses({ steps: 1000 });
    const after = { kind: 'powerLoss', after: 'steps' };
    expect(smallest(losses, () => true)).toEqual({ ...after, count: 0 });
    expect(smallest(losses, (one) => one.kind === 'powerLoss' && one.count > 71)).toEqual({
      ...after,
      count: 72,
    });
  });
});

describe('drawn options of the kernel', () => {
  test.each(Object.keys(KERNEL_OPTIONS))('%s is among them when memory may be short', (name) => {
    const drawn = fc.sample(kernelOptionSets({ scarce: true }), 100);
    expect(drawn.some((options) => name in options)).toBe(true);
  });

  test('memory is short only when that is asked for', () => {
    for (const options of fc.sample(kernelOptionSets(), 200)) {
      expect('framesPerNode' in options || 'refsPerHart' in options).toBe(false);
    }
  });

  test('shrink to none', () => {
    expect(smallest(kernelOptionSets({ scarce: true }), () => true)).toEqual({});
    expect(
      smallest(kernelOptionSets({ scarce: true }), ({ framesPerNode = 99 }) => framesPerNode < 50),
    ).toEqual({
      framesPerNode: 8,
    });
  });
});

describe('drawn scenarios', () => {
  const all = scenarios({ kernelOptions: { scarce: true }, faults: {} });

  test('are such that the kernel boots', () => {
    fc.assert(
      fc.property(all, ({ config, kernelOptions, faults }) => {
        planKernel(config, kernelOptions);
        const machine = new Machine(config, { faults });
        bootKernel(machine, {
          *entry() {
            return 0;
          },
          options: kernelOptions,
        });
        expect(machine.run({ instructions: 3_000_000 })).toEqual({ kind: 'halted', status: 0 });
      }),
      effort(60),
    );
  });
});
