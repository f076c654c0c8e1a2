import { describe, expect, test } from 'vitest';
import { load, spinUntil, store, work } from '../../hw/isa/index.ts';
import { Machine } from '../../hw/machine.ts';
import { brokenInvariants } from '../../hw/coherence/broken-invariants.ts';
import { small, smallWith } from './machines.ts';

const WORD = 0x1000;

describe('the host', () => {
  test('sees what a load would see, wherever the newest copy is', () => {
    const machine = new Machine(smallWith('cc-numa', 2));
    machine.start(0, function* () {
      yield store(WORD, 0x0403_0201);
    });
    machine.run();
    expect(machine.memory.words[WORD >> 2]).toBe(0);
    expect(machine.peek(WORD)).toBe(0x0403_0201);
    expect([0, 1, 2, 3].map((byte) => machine.peekByte(WORD + byte))).toEqual([1, 2, 3, 4]);
  });

  test('costs nothing and changes nothing by looking', () => {
    const machine = new Machine(small());
    machine.start(0, function* () {
      yield load(WORD);
    });
    machine.run();
    const before = [...machine.counters.values, ...machine.caches.stamp];
    machine.peek(WORD);
    expect([...machine.counters.values, ...machine.caches.stamp]).toEqual(before);
  });

  test.each(['load', 'store'] as const)('writes a word for all to see, also after a %s', (how) => {
    const machine = new Machine(smallWith('smp', 2));
    const seen: number[] = [];
    machine.start(0, function* () {
      yield how === 'load' ? load(WORD) : store(WORD + 4, 6);
      yield work(1000);
      seen.push(yield load(WORD), yield load(WORD + 4));
    });
    machine.run({ cycles: 800 });
    machine.poke(WORD, 5);
    expect(machine.peek(WORD)).toBe(5);
    machine.run();
    expect(seen).toEqual([5, how === 'load' ? 0 : 6]);
    expect(brokenInvariants(machine)).toEqual([]);
  });

  test('wakes a hart that spins on a word by writing it', () => {
    const machine = new Machine(small());
    machine.start(0, function* () {
      yield spinUntil(WORD, 5);
    });
    expect(machine.run()).toEqual({ kind: 'deadlock' });
    machine.poke(WORD, 5);
    expect(machine.run()).toEqual({ kind: 'finished' });
  });

  test('may start a hart when others have run for long', () => {
    const machine = new Machine(smallWith('smp', 2));
    machine.start(0, function* () {
      for (let round = 0; round < 100; round++) yield work(100);
    });
    expect(machine.run({ cycles: 5000 })).toEqual({ kind: 'budget', what: 'cycles' });
    machine.start(1, function* () {
      yield store(WORD, 1);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(machine.peek(WORD)).toBe(1);
    expect(machine.clock(1)).toBeGreaterThanOrEqual(4900);
  });
});

describe('cycles', () => {
  test('are charged to user or supervisor mode, all of them', () => {
    const machine = new Machine(small());
    machine.start(0, function* () {
      yield work(500);
    });
    const start = machine.clock(0);
    machine.run();
    expect(machine.counters.get(0, 'supervisorCycles')).toBe(machine.clock(0) - start);
    expect(machine.now()).toBe(machine.clock(0));
  });
});
