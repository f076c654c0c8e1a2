import { expect, test } from 'vitest';
import { awaitTestAndSet, fetchAndAdd, store, testAndSet, work } from '../../hw/isa/index.ts';
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { COUNTER, COUNTERS, Counters, COUNTERS_PER_HART } from '../../hw/counters.ts';

test('every counter has a name of its own and is described', () => {
  expect(new Set(COUNTERS.map(({ name }) => name)).size).toBe(COUNTERS.length);
  for (const [index, { name, summary }] of COUNTERS.entries()) {
    expect(COUNTER[name]).toBe(index);
    expect(summary).toMatch(/^\S.*\.$/);
  }
});

test('each hart has counters of its own, and the total is their sum', () => {
  const counters = new Counters(3);
  counters.add(0, COUNTER.traps, 2);
  counters.add(2, COUNTER.traps, 3);
  counters.add(2, COUNTER.traps, 1);
  expect([0, 1, 2].map((hart) => counters.get(hart, 'traps'))).toEqual([2, 0, 4]);
  expect(counters.total('traps')).toBe(6);
  expect(counters.total('instructions')).toBe(0);
});

test('the raw view of a hart is live and in the order of the table', () => {
  const counters = new Counters(2);
  const raw = counters.raw(1);
  expect(raw).toHaveLength(COUNTERS_PER_HART);
  counters.add(1, COUNTER.upgrades, 9);
  expect(raw[COUNTER.upgrades]).toBe(9);
});

test('each attempt of an atomic instruction is counted, failed ones included', () => {
  const machine = new Machine(presetConfig('smp', { harts: 2, set: { memoryPerNode: 1 << 20 } }));
  const WORD = 64;
  machine.start(0, function* () {
    yield testAndSet(WORD);
    yield fetchAndAdd(WORD + 4, 1);
    yield work(2000);
    yield store(WORD, 0);
  });
  machine.start(1, function* () {
    yield work(500);
    yield awaitTestAndSet(WORD);
  });
  machine.run();
  expect(machine.counters.get(0, 'atomics')).toBe(2);
  expect(machine.counters.get(1, 'atomics')).toBeGreaterThan(10);
});
