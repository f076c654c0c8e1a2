import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../hw/faults/fault.ts';
import { describeFault } from '../../../hw/faults/fault.ts';
import { fetchAndAdd, work } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { smallWith } from '../machines.ts';

const COUNT = 0x1000;

function counting(faults: readonly Fault[], times = 20): Machine {
  const machine = new Machine(smallWith('smp', 2, { skew: 1 }), { faults });
  for (const hart of [0, 1]) {
    machine.start(hart, function* program() {
      for (let time = 0; time < times; time++) yield fetchAndAdd(COUNT, 1);
    });
  }
  return machine;
}

const after = (count: number, what: 'steps' | 'cycles' = 'steps'): Fault => ({
  kind: 'powerLoss',
  after: what,
  count,
});

describe('the power supply', () => {
  test.each([0, 1, 7, 20])('fails after exactly %i steps', (count) => {
    const machine = counting([after(count)]);
    expect(machine.run().kind).toBe('powerLost');
    expect(machine.peek(COUNT)).toBe(count);
  });

  test('fails at the same step however the run is cut into slices', () => {
    const whole = counting([after(17)]);
    whole.run();
    for (const slice of [1, 2, 5, 17, 18]) {
      const machine = counting([after(17)]);
      let stop = machine.run({ instructions: slice });
      while (stop.kind === 'budget') stop = machine.run({ instructions: slice });
      expect(stop.kind).toBe('powerLost');
      expect([machine.peek(COUNT), machine.now()]).toEqual([17, whole.now()]);
    }
  });

  test('fails under an arbiter, too', () => {
    const machine = counting([after(9)]);
    expect(machine.runArbitrated(new RandomArbiter(3)).kind).toBe('powerLost');
    expect(machine.peek(COUNT)).toBe(9);
  });

  test('fails at a cycle, also of a machine that idles', () => {
    const machine = new Machine(smallWith('smp', 1), { faults: [after(500, 'cycles')] });
    machine.start(0, function* program() {
      yield work(10_000);
    });
    expect(machine.run()).toEqual({ kind: 'powerLost', cycle: 500 });
  });

  test('does nothing to a machine that has ended, and the first failure counts', () => {
    expect(counting([after(100_000, 'cycles')]).run()).toEqual({ kind: 'finished' });
    expect(counting([after(1000)]).run()).toEqual({ kind: 'finished' });
    const machine = counting([after(30), after(4), after(11)]);
    machine.run();
    expect(machine.peek(COUNT)).toBe(4);
  });
});

test('every fault can be said in words', () => {
  const faults: readonly Fault[] = [
    { kind: 'diskError', request: 2 },
    { kind: 'badBlock', block: 7 },
    { kind: 'delay', interrupt: 'timer', nth: 1, cycles: 90 },
    { kind: 'powerLoss', after: 'cycles', count: 5, written: 3 },
  ];
  expect(faults.map(describeFault)).toEqual([
    'disk request 2 fails',
    'disk block 7 is bad',
    'timer interrupt 1 comes 90 cycles late',
    'power is lost after 5 cycles, 3 blocks of a write in flight written',
  ]);
});
