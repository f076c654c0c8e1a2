import { describe, expect, test } from 'vitest';
import { fetchAndAdd, flush, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { small } from '../machines.ts';
import { countsOf, cyclesOf, once, takeTurns, type Turn } from '../turns.ts';

/** Lines of 16 bytes that meet in the one set of a last level of two ways. */
const [A, B, C] = [0x1000, 0x1010, 0x1020] as const;

const build = (nodes: number, lines = 2): Machine =>
  new Machine(small({ nodes, ways: 1, sets: 1 }, { skew: 1, llc: { size: 16 * lines, ways: lines } }));

const { l1Hit, memory, llcHit, hop } = build(1).config.timing;
const reads = (address: number) => once(() => load(address));
const read = (address: number) => cyclesOf(() => load(address));

describe('a last-level cache', () => {
  test('serves a line that the memory behind it has served before', () => {
    const machine = build(1);
    const gave = takeTurns(machine, [0, read(A)], [0, read(B)], [0, read(A)]);
    expect(gave).toEqual([memory + l1Hit, memory + l1Hit, llcHit + l1Hit]);
    expect(countsOf(machine, 'llcHits')).toEqual([1]);
    expect(countsOf(machine, 'llcMisses')).toEqual([2]);
    expect(countsOf(machine, 'localFills')).toEqual([3]);
  });

  test('is shared by all who use that memory, wherever they are', () => {
    const machine = build(2);
    const gave = takeTurns(machine, [0, reads(A)], [0, reads(B)], [1, read(A)], [0, reads(C)], [0, read(A)]);
    expect(gave[2]).toBe(2 * hop + llcHit + l1Hit);
    expect(countsOf(machine, 'remoteFills')).toEqual([0, 1]);
  });

  test('lets the line go that was used least recently', () => {
    const turns: Turn[] = [A, B, A, C, A, B].map((address) => [0, read(address)] as const);
    const gave = takeTurns(build(1), ...turns);
    const [miss, hit] = [memory + l1Hit, llcHit + l1Hit];
    expect(gave).toEqual([miss, miss, hit, miss, hit, miss]);
  });

  test('takes what is written back', () => {
    // One line, and a first level of two: the dirty line is no longer in the last level when it goes home.
    const machine = new Machine(small({ ways: 2, sets: 1 }, { skew: 1, llc: { size: 16, ways: 1 } }));
    const dirty = once(() => store(A, 1));
    const gave = takeTurns(machine, [0, dirty], [0, reads(B)], [0, once(() => flush(A))], [0, read(A)]);
    expect(gave[3]).toBe(llcHit + l1Hit);
    expect(countsOf(machine, 'llcMisses')).toEqual([2]);
  });

  test('is not asked where another cache supplies the line', () => {
    const machine = build(2);
    takeTurns(machine, [0, once(() => store(A, 1))], [1, reads(A)]);
    expect(countsOf(machine, 'llcHits')).toEqual([0, 0]);
    expect(countsOf(machine, 'llcMisses')).toEqual([1, 0]);
    expect(countsOf(machine, 'cacheFills')).toEqual([0, 1]);
  });

  test('of one node has nothing to do with another’s memory', () => {
    const machine = build(2);
    const far = [A, B, C].map((address) => machine.config.memoryPerNode + address);
    const turns = far.map((address): Turn => [0, reads(address)]);
    const gave = takeTurns(machine, [0, read(A)], ...turns, [0, read(A)]);
    // The other node’s lines have filled its own cache, not this one’s.
    expect([gave[0], gave.at(-1)]).toEqual([memory + l1Hit, llcHit + l1Hit]);
  });

  test('speeds up what goes past the caches on a machine without coherence', () => {
    const machine = new Machine(small({}, { coherence: 'none', skew: 1, llc: { size: 32, ways: 2 } }));
    machine.markUncached(0, 0x10_0000);
    const add = cyclesOf(() => fetchAndAdd(A, 1));
    const gave = takeTurns(machine, [0, read(A)], [0, read(A)], [0, add]);
    expect(gave.slice(0, 2)).toEqual([memory + l1Hit, llcHit + l1Hit]);
    expect(gave[2]).toBe(llcHit + l1Hit + 1);
  });

  test('of no size changes nothing', () => {
    const machine = new Machine(small({ ways: 1, sets: 1 }, { skew: 1, llc: { size: 0, ways: 8 } }));
    const gave = takeTurns(machine, [0, read(A)], [0, read(B)], [0, read(A)]);
    expect(gave).toEqual([memory + l1Hit, memory + l1Hit, memory + l1Hit]);
    expect(machine.counters.total('llcHits') + machine.counters.total('llcMisses')).toBe(0);
  });
});
