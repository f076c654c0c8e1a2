import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  csrRead,
  csrWrite,
  INTERRUPT,
  load,
  pause,
  spinUntil,
  store,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { actsBefore } from '../../../hw/sequencer/order.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { effort } from '../effort.ts';
import { shapes, small, smallWith } from '../machines.ts';
import { record } from '../record.ts';

type Issued = Extract<TraceEvent, { kind: 'instruction' }>;

describe('the sequencer', () => {
  test('lets the earliest clock act, and breaks ties by the seeded order', () => {
    const instruction = fc.oneof(
      fc.record({ what: fc.constant('work' as const), operand: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ what: fc.constantFrom('load' as const, 'store' as const), operand: fc.nat(31) }),
    );
    fc.assert(
      fc.property(
        shapes(4),
        fc.array(fc.array(instruction, { maxLength: 30 }), { minLength: 8, maxLength: 8 }),
        (shape, programs) => {
          const machine = new Machine(small(shape, { skew: 4 }));
          const issued = record(machine).instructions;
          for (let hart = 0; hart < machine.harts; hart++) {
            machine.start(hart, function* program() {
              for (const { what, operand } of programs[hart % 8] ?? []) {
                if (what === 'work') yield work(operand);
                else if (what === 'load') yield load(0x1000 + 4 * operand);
                else yield store(0x1000 + 4 * operand, hart);
              }
            });
          }
          expect(machine.run()).toEqual({ kind: 'finished' });
          const misordered = issued.findIndex((event, index) => {
            const before = issued[index - 1];
            return before !== undefined && !comesBefore(shape.seed, before, event);
          });
          expect(misordered).toBe(-1);
        },
      ),
      effort(100),
    );
  });

  test('gives the same order one step at a time as in one run', () => {
    const events = [1, 3, Number.POSITIVE_INFINITY].map((instructions) => {
      const machine = new Machine(small({ preset: 'smp', coresPerNode: 4 }));
      const trace = record(machine).events;
      for (let hart = 0; hart < 4; hart++) {
        machine.start(hart, function* program() {
          for (let round = 0; round < 20; round++) yield store(0x40 * (round % 3), hart);
        });
      }
      while (machine.run({ instructions }).kind === 'budget');
      return trace;
    });
    expect(events[0]).toEqual(events[2]);
    expect(events[1]).toEqual(events[2]);
  });

  test('fires a device event before a hart that acts at the same cycle', () => {
    const machine = new Machine(small({}, { skew: 1 }));
    const seen: number[] = [];
    machine.start(0, function* program() {
      yield csrWrite('stimecmp', 10); // issued at 0, complete at 1
      yield work(9); // complete at 10
      seen.push((yield csrRead('sip')) & INTERRUPT.timer); // issued at 10
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(seen).toEqual([INTERRUPT.timer]);
  });

  test('does not fire a device event before its time', () => {
    const machine = new Machine(small({}, { skew: 1 }));
    const seen: number[] = [];
    machine.start(0, function* program() {
      yield csrWrite('stimecmp', 11);
      yield work(9);
      seen.push((yield csrRead('sip')) & INTERRUPT.timer); // issued at 10
      seen.push((yield csrRead('sip')) & INTERRUPT.timer); // issued at 11
    });
    machine.run();
    expect(seen).toEqual([0, INTERRUPT.timer]);
  });

  test('stops after so many steps, and goes on from there', () => {
    const machine = new Machine(small());
    machine.start(0, function* program() {
      for (let round = 0; round < 10; round++) yield pause();
    });
    expect(machine.run({ instructions: 4 })).toEqual({ kind: 'budget', what: 'instructions' });
    expect(machine.counters.total('instructions')).toBe(4);
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(machine.counters.total('instructions')).toBe(10);
  });

  test('lets nothing happen at or after the cycle of a budget', () => {
    const machine = new Machine(smallWith('smp', 3));
    const issued = record(machine).instructions;
    for (let hart = 0; hart < 3; hart++) {
      machine.start(hart, function* program() {
        for (;;) yield work(7);
      });
    }
    expect(machine.run({ cycles: 500 })).toEqual({ kind: 'budget', what: 'cycles' });
    expect(issued.every(({ cycle }) => cycle < 500)).toBe(true);
    for (let hart = 0; hart < 3; hart++) expect(machine.clock(hart)).toBeGreaterThanOrEqual(500);
    expect(machine.run({ cycles: 600 })).toEqual({ kind: 'budget', what: 'cycles' });
    expect(issued.at(-1)?.cycle).toBeGreaterThanOrEqual(590);
  });

  test.each(['wfi', 'spin'] as const)(
    'says that the machine is deadlocked when all are in a %s that nothing ends',
    (why) => {
      const machine = new Machine(smallWith('cc-numa', 2));
      for (let hart = 0; hart < 2; hart++) {
        machine.start(hart, function* program() {
          if (why === 'wfi') yield waitForInterrupt();
          else yield spinUntil(0x40, 1);
        });
      }
      expect(machine.run()).toEqual({ kind: 'deadlock' });
    },
  );

  test('starts the harts at seeded cycles below the skew', () => {
    const startsOf = (seed: number): number[] => {
      const machine = new Machine(small({ preset: 'smp', coresPerNode: 8, seed }, { skew: 64 }));
      for (let hart = 0; hart < 8; hart++) {
        machine.start(hart, function* program() {
          yield pause();
        });
      }
      return Array.from({ length: 8 }, (_, hart) => machine.clock(hart));
    };
    expect(startsOf(1).every((cycle) => cycle >= 0 && cycle < 64)).toBe(true);
    expect(new Set(startsOf(1)).size).toBeGreaterThan(3);
    expect(startsOf(1)).not.toEqual(startsOf(2));
  });
});

function comesBefore(seed: number, first: Issued, second: Issued): boolean {
  if (first.cycle !== second.cycle) return first.cycle < second.cycle;
  return first.hart === second.hart || actsBefore(seed, first.cycle, first.hart, second.hart);
}
