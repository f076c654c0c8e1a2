/** Copies that are updated, step by step: who holds what in which state, what is sent, and what it costs. */
import { describe, expect, test } from 'vitest';
import { DISK_BLOCK, DISK_COMMAND } from '../../../hw/address-map.ts';
import {
  fetchAndAdd,
  flush,
  load,
  loadReserved,
  spinUntilNot,
  store,
  storeConditional,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { small } from '../machines.ts';
import { countsOf, cyclesOf, once, statesOf, takeTurns, transfer } from '../turns.ts';

const WORD = 0x1000;

const build = (harts: number): Machine =>
  new Machine(small({ preset: 'smp', coresPerNode: harts }, { coherence: 'update', skew: 1 }));

const reads = once(() => load(WORD));
const writes = (value: number) => once(() => store(WORD, value));
const flushes = once(() => flush(WORD));
const states = (machine: Machine): string[] => statesOf(machine, WORD);

describe('with copies that are updated', () => {
  test('a write reaches the copies of others, which stay', () => {
    const machine = build(3);
    const seen = takeTurns(machine, [0, reads], [1, reads], [2, reads], [0, writes(7)], [1, reads]);
    expect(seen.at(-1)).toBe(7);
    expect(states(machine)).toEqual(['Sm', 'S', 'S']);
    expect(countsOf(machine, 'updates')).toEqual([1, 0, 0]);
    expect(countsOf(machine, 'updatesReceived')).toEqual([0, 1, 1]);
    expect(countsOf(machine, 'l1Misses')).toEqual([1, 1, 1]);
    expect(machine.counters.total('invalidationsSent')).toBe(0);
    expect(machine.memory.words[WORD >>> 2]).toBe(0);
    expect(machine.peek(WORD)).toBe(7);
  });

  test('the last writer answers for the line', () => {
    const machine = build(3);
    takeTurns(machine, [0, writes(1)], [1, writes(2)], [2, writes(3)]);
    expect(states(machine)).toEqual(['S', 'S', 'Sm']);
    expect(machine.peek(WORD)).toBe(3);
    expect(machine.memory.words[WORD >>> 2]).toBe(0);
  });

  test('a sole writer sends nothing', () => {
    const machine = build(2);
    takeTurns(machine, [0, writes(1)], [0, writes(2)], [0, writes(3)]);
    expect(states(machine)).toEqual(['M', 'I']);
    expect(machine.counters.total('updates')).toBe(0);
  });

  test('who has become the only holder learns so when it next writes', () => {
    const machine = build(2);
    takeTurns(machine, [0, reads], [1, reads], [1, flushes], [0, writes(1)], [0, writes(2)]);
    expect(states(machine)).toEqual(['M', 'I']);
    // The first write asked; the second knew.
    expect(countsOf(machine, 'updates')).toEqual([1, 0]);
    expect(countsOf(machine, 'updatesReceived')).toEqual([0, 0]);
  });

  test('so does an owner whose sharers have gone', () => {
    const machine = build(2);
    takeTurns(machine, [0, reads], [1, reads], [0, writes(1)], [1, flushes], [0, writes(2)], [0, writes(3)]);
    expect(states(machine)).toEqual(['M', 'I']);
    expect(countsOf(machine, 'updates')).toEqual([2, 0]);
  });

  test('the owner among sharers writes back when it goes, and the others stay', () => {
    const machine = build(2);
    takeTurns(machine, [0, reads], [1, reads], [0, writes(5)], [0, flushes]);
    expect(states(machine)).toEqual(['I', 'S']);
    expect(machine.memory.words[WORD >>> 2]).toBe(5);
    expect(countsOf(machine, 'writebacks')).toEqual([1, 0]);
  });

  test('a shared copy that goes writes nothing back', () => {
    const machine = build(2);
    takeTurns(machine, [0, reads], [1, reads], [0, writes(5)], [1, flushes]);
    expect(states(machine)).toEqual(['Sm', 'I']);
    expect(machine.counters.total('writebacks')).toBe(0);
  });

  test('a shared write takes the bus each time; a read of what another wrote hits', () => {
    const machine = build(2);
    const { l1Hit, hop } = machine.config.timing;
    const write = cyclesOf(() => store(WORD, 1));
    const read = cyclesOf(() => load(WORD));
    const taken = takeTurns(machine, [0, reads], [1, reads], [0, write], [1, read], [0, write], [1, read]);
    // An address and a word on the bus, as an invalidation is.
    expect(taken.slice(2)).toEqual([hop + l1Hit, l1Hit, hop + l1Hit, l1Hit]);
  });

  test('a write that misses gets the line first, and then sends the word', () => {
    const machine = build(2);
    const { l1Hit, hop, cacheToCache, linkOccupancy } = machine.config.timing;
    const gave = takeTurns(machine, [0, writes(1)], [1, cyclesOf(() => store(WORD, 2))]);
    // The word can be sent when the line is here and the bus is free again.
    expect(gave[1]).toBe(Math.max(hop + cacheToCache, linkOccupancy) + hop + l1Hit);
    expect(countsOf(machine, 'updates')).toEqual([0, 1]);
    expect(countsOf(machine, 'cacheFills')).toEqual([0, 1]);
  });

  test('a reader gets the line from its owner, at the price of that cache', () => {
    const machine = build(3);
    const { l1Hit, hop, cacheToCache } = machine.config.timing;
    const read = cyclesOf(() => load(WORD));
    const taken = takeTurns(machine, [0, writes(1)], [1, read], [2, read]);
    expect(taken.slice(1)).toEqual([hop + cacheToCache + l1Hit, hop + cacheToCache + l1Hit]);
    expect(states(machine)).toEqual(['Sm', 'S', 'S']);
  });

  test('no addition of four harts is lost, and no copy is destroyed', () => {
    const machine = build(4);
    for (let hart = 0; hart < 4; hart++) {
      machine.start(hart, function* () {
        for (let turn = 0; turn < 25; turn++) yield fetchAndAdd(WORD, 1);
      });
    }
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(machine.peek(WORD)).toBe(100);
    expect(machine.counters.total('invalidationsReceived')).toBe(0);
  });

  test('a word that is sent breaks a reservation, though the line stays', () => {
    const machine = build(2);
    const gave = takeTurns(
      machine,
      [0, once(() => loadReserved(WORD))],
      [1, writes(9)],
      [0, once(() => storeConditional(WORD, 1))],
    );
    expect(gave[2]).toBe(1);
    expect(machine.peek(WORD)).toBe(9);
    expect(countsOf(machine, 'l1Misses')[0]).toBe(1);
  });

  test('a device reads what the owner among sharers wrote, and what it writes destroys all copies', () => {
    const machine = build(3);
    machine.disk.image.fill(0x66, DISK_BLOCK, DISK_BLOCK + 4);
    takeTurns(machine, [0, reads], [1, reads], [0, writes(0x55)], [2, transfer(DISK_COMMAND.write, 0, WORD)]);
    expect(machine.disk.image[0]).toBe(0x55);
    expect(states(machine)).toEqual(['Sm', 'S', 'I']);
    takeTurns(machine, [2, transfer(DISK_COMMAND.read, 1, WORD)]);
    expect(states(machine)).toEqual(['I', 'I', 'I']);
    expect(machine.peek(WORD)).toBe(0x6666_6666);
  });

  test('a spinning hart sees a word that is sent without losing its line', () => {
    const machine = build(2);
    machine.start(
      0,
      once(() => spinUntilNot(WORD, 0)),
    );
    machine.start(1, function* () {
      yield work(10_000);
      yield store(WORD, 1);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(countsOf(machine, 'l1Misses')).toEqual([1, 1]);
    expect(states(machine)).toEqual(['S', 'Sm']);
  });
});
