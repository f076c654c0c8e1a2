/** What a miss costs on an idle machine is the sum of the timing table’s rows; on a busy one it queues. */
import { describe, expect, test } from 'vitest';
import { type Code, csrRead, fetchAndAdd, load, store, work } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { small, smallWith } from '../machines.ts';

/** Cycles of each instruction that `program` yields, on the given hart, after `before` has run on another. */
function cyclesOf(
  machine: Machine,
  hart: number,
  instruction: () => Code<number>,
  before?: { hart: number; program: () => Code },
): number {
  let taken = -1;
  if (before !== undefined) machine.start(before.hart, before.program);
  machine.start(hart, function* measured() {
    yield work(50_000);
    const start = yield csrRead('time');
    yield* instruction();
    taken = (yield csrRead('time')) - start - 1;
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  return taken;
}

const reads = (address: number) =>
  function* (): Code<number> {
    return yield load(address);
  };
const writes = (address: number) =>
  function* (): Code<number> {
    return yield store(address, 1);
  };
const node = (machine: Machine, number: number): number => number * machine.config.memoryPerNode + 0x1000;

describe('on the directory machine', () => {
  const build = () => new Machine(small({ nodes: 4 }));
  const { l1Hit, memory, hop, directory, cacheToCache, linkOccupancy } = build().config.timing;

  // Nodes 0 1 / 2 3: node 3 is two hops from node 0.
  test.each([
    [0, 0],
    [1, 1],
    [2, 1],
    [3, 2],
  ])('a miss to the memory of node %i takes its %i hops there and back', (home, hops) => {
    const machine = build();
    expect(cyclesOf(machine, 0, reads(node(machine, home)))).toBe(2 * hops * hop + memory + l1Hit);
  });

  test('a write miss takes no longer than a read miss', () => {
    const machine = build();
    expect(cyclesOf(machine, 0, writes(node(machine, 3)))).toBe(4 * hop + memory + l1Hit);
  });

  test('a hit takes what the table says', () => {
    const machine = build();
    expect(
      cyclesOf(machine, 0, function* () {
        yield load(node(machine, 3));
        return 0;
      }),
    ).toBeGreaterThan(l1Hit);
    const again = build();
    let taken = 0;
    again.start(0, function* () {
      yield load(0x1000);
      const start = yield csrRead('time');
      yield load(0x1000);
      taken = (yield csrRead('time')) - start - 1;
    });
    again.run();
    expect(taken).toBe(l1Hit);
  });

  test('a line that another cache owns takes three legs', () => {
    const machine = build();
    const address = node(machine, 1);
    // Requester 0, home 1, owner 3: one hop each to home and owner, two back.
    const taken = cyclesOf(machine, 0, reads(address), { hart: 3, program: writes(address) as never });
    expect(taken).toBe(hop + directory + hop + cacheToCache + 2 * hop + l1Hit);
  });

  /** Cycles of a write by node 0 to a line that the nodes 2 and 3 have read, and of which node 1 is the home. */
  const writeToShared = (readFirst: boolean): number => {
    const machine = build();
    const address = node(machine, 1);
    let taken = 0;
    for (const reader of [2, 3]) machine.start(reader, reads(address) as never);
    machine.start(0, function* () {
      if (readFirst) yield load(address);
      yield work(50_000);
      const start = yield csrRead('time');
      yield store(address, 1);
      taken = (yield csrRead('time')) - start - 1;
    });
    machine.run();
    expect(machine.counters.get(0, 'invalidationsSent')).toBe(2);
    return taken;
  };
  // To the home one hop; to node 2 two and back one; to node 3 one and back two. The second to be told waits for the first.
  const told = hop + directory + 3 * hop;

  test('an upgrade waits until the last holder has answered', () => {
    const taken = writeToShared(true);
    expect(taken).toBeGreaterThanOrEqual(told + l1Hit);
    expect(taken).toBeLessThanOrEqual(told + 3 * linkOccupancy + l1Hit);
  });

  test('a write miss waits for the data and for the last answer', () => {
    const taken = writeToShared(false);
    // Links are booked in the order of the calls: what is told may queue behind the data, which leaves later.
    expect(taken).toBeGreaterThanOrEqual(Math.max(2 * hop + memory, told) + l1Hit);
    expect(taken).toBeLessThanOrEqual(2 * hop + memory + told + l1Hit);
  });

  test('a write miss waits for the answers of holders where memory is faster', () => {
    const machine = new Machine(small({ nodes: 4 }, { timing: { ...build().config.timing, memory: 0 } }));
    const address = node(machine, 1);
    let taken = 0;
    for (const reader of [2, 3]) machine.start(reader, reads(address) as never);
    machine.start(0, function* () {
      yield work(50_000);
      const start = yield csrRead('time');
      yield store(address, 1);
      taken = (yield csrRead('time')) - start - 1;
    });
    machine.run();
    expect(taken).toBeGreaterThanOrEqual(told + l1Hit);
    expect(taken).toBeLessThanOrEqual(told + 3 * linkOccupancy + l1Hit);
  });

  test('later transactions wait for a memory module that is busy', () => {
    const machine = new Machine(small({ nodes: 1, coresPerNode: 4 }, { skew: 1 }));
    const ends: number[] = [];
    for (let hart = 0; hart < 4; hart++) {
      machine.start(hart, function* () {
        yield load(0x1000 + 0x40 * hart);
        ends.push(machine.clock(hart));
      });
    }
    machine.run();
    const { memoryOccupancy } = machine.config.timing;
    const first = memory + l1Hit;
    expect(ends.toSorted((left, right) => left - right)).toEqual(
      [0, 1, 2, 3].map((turn) => first + turn * memoryOccupancy),
    );
    expect(machine.counters.total('queueCycles')).toBe((0 + 1 + 2 + 3) * memoryOccupancy);
  });

  test('counts fills by where they came from', () => {
    const machine = build();
    machine.start(0, function* () {
      yield load(node(machine, 0));
      yield load(node(machine, 1) + 16);
      yield load(node(machine, 2) + 32);
    });
    machine.start(1, function* () {
      yield work(5000);
      yield store(node(machine, 0), 1);
      yield fetchAndAdd(node(machine, 0), 1);
    });
    machine.run();
    const counts = (hart: number) =>
      ['localFills', 'remoteFills', 'cacheFills', 'l1Misses', 'l1Hits'].map((name) =>
        machine.counters.get(hart, name as 'l1Hits'),
      );
    expect(counts(0)).toEqual([1, 2, 0, 3, 0]);
    expect(counts(1)).toEqual([0, 0, 1, 1, 1]);
    expect(machine.counters.get(0, 'invalidationsReceived')).toBe(1);
    expect(machine.counters.get(1, 'invalidationsSent')).toBe(1);
  });
});

describe('on the bus machine', () => {
  const build = (cores: number) => new Machine(smallWith('smp', cores, { skew: 1 }));
  const { l1Hit, memory, hop, cacheToCache, linkOccupancy } = build(1).config.timing;

  test('a miss takes the bus and the memory', () => {
    expect(cyclesOf(build(1), 0, reads(0x1000))).toBe(hop + memory + l1Hit);
  });

  test('a line from another cache takes the bus and that cache', () => {
    expect(cyclesOf(build(2), 0, reads(0x1000), { hart: 1, program: writes(0x1000) as never })).toBe(
      hop + cacheToCache + l1Hit,
    );
  });

  test('an upgrade is an address on the bus', () => {
    const machine = build(2);
    let taken = 0;
    machine.start(1, function* () {
      yield work(10);
      yield load(0x1000);
    });
    machine.start(0, function* () {
      yield load(0x1000);
      yield work(5000);
      const start = yield csrRead('time');
      yield store(0x1000, 1);
      taken = (yield csrRead('time')) - start - 1;
    });
    machine.run();
    expect(taken).toBe(hop + l1Hit);
    expect(machine.counters.get(0, 'upgrades')).toBe(1);
  });

  test('everybody waits for the one bus', () => {
    const machine = build(4);
    const ends: number[] = [];
    for (let hart = 0; hart < 4; hart++) {
      machine.start(hart, function* () {
        yield load(0x1000 + 0x40 * hart);
        ends.push(machine.clock(hart));
      });
    }
    machine.run();
    const first = hop + memory + l1Hit;
    expect(ends.toSorted((left, right) => left - right)).toEqual(
      [0, 1, 2, 3].map((turn) => first + turn * linkOccupancy),
    );
  });
});
