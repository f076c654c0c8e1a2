/** Harts of one core share its pipeline: held to a simulation cycle by cycle, and to what each may not disturb. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Code,
  csrRead,
  csrWrite,
  fence,
  load,
  pause,
  spinUntil,
  store,
  supervisorReturn,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { actsBefore } from '../../../hw/sequencer/order.ts';
import { effort } from '../effort.ts';
import { small } from '../machines.ts';

const SEED = 5;
const core = (hartsPerCore: number, turn = 4) => {
  const base = small({ preset: 'smp', hartsPerCore, ways: 4, sets: 16, seed: SEED }, { skew: 1 });
  return { ...base, timing: { ...base.timing, turn } };
};

/** A step of a program: cycles of computation, or 0 for a pause, which takes no slot. */
type Step = number;

/** The clocks at which programs end on one core, worked out cycle by cycle. */
function simulate(programs: readonly (readonly Step[])[], turn: number): number[] {
  const left = programs.map((steps) => [...steps]);
  const dueAt = programs.map(() => 0);
  const hadAt = programs.map(() => -1);
  const waits = programs.map(() => false);
  let busyUntil = 0;
  for (let cycle = 0; left.some((steps) => steps.length > 0); cycle++) {
    for (;;) {
      const due = left.flatMap((steps, hart) => (steps.length > 0 && dueAt[hart] === cycle ? [hart] : []));
      const hart = due.toSorted((a, b) => (actsBefore(SEED, cycle, a, b) ? -1 : 1))[0];
      if (hart === undefined) break;
      const steps = left[hart] as number[];
      const longer = (other: number): boolean =>
        waits[other] === true && dueAt[other] === cycle && (hadAt[other] as number) < (hadAt[hart] as number);
      const takes = steps[0] !== 0;
      if (takes && (busyUntil > cycle || programs.some((_, other) => longer(other)))) {
        dueAt[hart] = Math.max(busyUntil, cycle + 1);
        waits[hart] = true;
        continue;
      }
      waits[hart] = false;
      const taken = takes ? Math.min(turn, steps[0] as number) : 1;
      if (takes) {
        busyUntil = cycle + taken;
        hadAt[hart] = cycle;
      }
      dueAt[hart] = cycle + taken;
      steps[0] = (steps[0] as number) - taken;
      if (steps[0] <= 0) steps.shift();
    }
  }
  return dueAt;
}

function* perform(steps: readonly Step[]): Code {
  for (const step of steps) {
    if (step === 0) yield pause();
    else if (step === 1) yield fence();
    else yield work(step);
  }
}

describe('harts of one core', () => {
  test('end when a simulation cycle by cycle says, and the pipeline is never idle while one wants it', () => {
    const programs = fc.array(fc.array(fc.nat(12), { minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(programs, fc.integer({ min: 1, max: 6 }), (plan, turn) => {
        const machine = new Machine(core(Math.max(2, plan.length), turn));
        for (const [hart, steps] of plan.entries()) machine.start(hart, () => perform(steps));
        expect(machine.run()).toEqual({ kind: 'finished' });
        expect(plan.map((_, hart) => machine.clock(hart))).toEqual(simulate(plan, turn));
        expect(machine.counters.total('issueSlots')).toBe(plan.flat().reduce((sum, step) => sum + step, 0));
        expect(machine.counters.total('instructions')).toBe(plan.flat().length);
      }),
      effort(150),
    );
  });

  test.each([2, 4, 8])('that compute alike end alike: %i of them', (hartsPerCore) => {
    const machine = new Machine(core(hartsPerCore));
    for (let hart = 0; hart < hartsPerCore; hart++) machine.start(hart, () => perform([1000]));
    machine.run();
    const ends = Array.from({ length: hartsPerCore }, (_, hart) => machine.clock(hart));
    expect(Math.max(...ends) - Math.min(...ends)).toBeLessThanOrEqual(4 * hartsPerCore);
  });

  test.each([1, 2, 4, 8])('that compute slow each other: %i of them', (hartsPerCore) => {
    const machine = new Machine(core(hartsPerCore));
    for (let hart = 0; hart < hartsPerCore; hart++) machine.start(hart, () => perform([1000]));
    machine.run();
    expect(machine.now()).toBe(1000 * hartsPerCore);
  });

  test('that miss are hidden by each other', () => {
    const took = (hartsPerCore: number): number => {
      const machine = new Machine(core(hartsPerCore));
      for (let hart = 0; hart < hartsPerCore; hart++) {
        machine.start(hart, function* missing() {
          for (let line = 0; line < 16; line++) {
            yield load(0x4000 + 4096 * hart + 16 * line);
            yield work(10);
          }
        });
      }
      machine.run();
      return machine.now();
    };
    // Four times the work on one core takes less than twice the time: misses queue for the bus, computing hides them.
    expect(took(4)).toBeLessThan(2 * took(1));
  });

  test('on cores of their own take no slots and never wait', () => {
    const machine = new Machine(small({ preset: 'smp', coresPerNode: 4 }));
    for (let hart = 0; hart < 4; hart++) machine.start(hart, () => perform([100, 0, 1, 50]));
    machine.run();
    expect(machine.counters.total('issueSlots') + machine.counters.total('issueWaitCycles')).toBe(0);
  });

  test('that halt or spin leave the pipeline to others', () => {
    const worker = (others: (machine: Machine) => void): number => {
      const machine = new Machine(core(4));
      others(machine);
      machine.start(3, function* program() {
        yield load(0x2000);
        yield* perform([500, 1, 0, 300]);
        yield store(0x1000, 1);
      });
      machine.run();
      return machine.clock(3);
    };
    const alone = worker((machine) => machine.start(1, () => perform([0])));
    const beside = worker((machine) => {
      machine.start(0, function* spinner() {
        yield spinUntil(0x1000, 1);
      });
      machine.start(1, function* sleeper() {
        yield waitForInterrupt();
      });
    });
    // Going to halt is one instruction, and may be in the way once.
    expect(beside - alone).toBeLessThanOrEqual(1);
  });

  test('take interrupts in the middle of a long computation, which is gone on with', () => {
    const machine = new Machine(core(2));
    const taken: number[] = [];
    const handler = machine.code.addressOf(function* handler() {
      taken.push(yield csrRead('time'));
      yield csrWrite('stimecmp', 0);
      yield supervisorReturn();
    });
    let computed = 0;
    machine.start(0, function* program() {
      yield csrWrite('stvec', handler);
      yield csrWrite('sie', -1);
      yield csrWrite('sstatus', 2);
      yield csrWrite('stimecmp', 500);
      yield work(2000);
      computed = machine.counters.get(0, 'issueSlots');
      yield pause();
    });
    machine.run();
    expect(taken).toHaveLength(1);
    expect(taken[0]).toBeGreaterThan(500);
    expect(taken[0]).toBeLessThan(530);
    // 2000 for the computation, 4 writes before it, 3 instructions of the handler.
    expect(computed).toBe(2007);
  });
});
