/** Kinds of misses: hand-made cases of each, and random programs against the definition written down plainly. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MISS_KINDS, type MissKindName } from '../../../hw/cache/miss-kinds.ts';
import { DISK, DISK_COMMAND } from '../../../hw/address-map.ts';
import type { MachineConfig } from '../../../hw/config.ts';
import { type Code, flush, load, spinUntil, store, work, zeroLine } from '../../../hw/isa/index.ts';
import { OP } from '../../../hw/isa/op.ts';
import { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { startRandom } from '../../properties/random-run.ts';
import { effort } from '../effort.ts';
import { goThrough, rounds } from '../hart/spin-rounds.ts';
import { PRESET_NAMES, shapes, small, smallWith } from '../machines.ts';
import { programs } from '../random-access.ts';
import { classify, type Step } from './naive-classifier.ts';

type Kinds = Partial<Record<MissKindName, number>>;

/** Misses of each hart by kind; what is 0 is left out. */
const kindsOf = (machine: Machine): Kinds[] =>
  Array.from({ length: machine.harts }, (_, hart) =>
    Object.fromEntries(
      MISS_KINDS.map(({ name, counter }) => [name, machine.counters.get(hart, counter)] as const).filter(
        ([, count]) => count !== 0,
      ),
    ),
  );

function expectSums(machine: Machine): void {
  for (let hart = 0; hart < machine.harts; hart++) {
    const sum = MISS_KINDS.reduce((total, { counter }) => total + machine.counters.get(hart, counter), 0);
    expect(sum).toBe(machine.counters.get(hart, 'l1Misses'));
  }
}

function run(config: MachineConfig, ...harts: readonly (() => Code)[]): Machine {
  const machine = new Machine({ ...config, classifyMisses: true });
  for (const [hart, program] of harts.entries()) machine.start(hart, program);
  expect(machine.run()).toEqual({ kind: 'finished' });
  expectSums(machine);
  return machine;
}

/** One core whose cache has two sets of two ways, with lines of 16 bytes. */
const ONE = small();
const A = 0x1000;
const LINE = 16;
const loads = (...lines: number[]): (() => Code) =>
  function* reader() {
    for (const line of lines) yield load(A + LINE * line);
  };

describe('without sharing a miss is', () => {
  test('cold, the first time', () => {
    expect(kindsOf(run(ONE, loads(0, 1, 2, 0, 1)))).toEqual([{ cold: 3 }]);
  });

  test('a conflict, when other sets have room', () => {
    expect(kindsOf(run(ONE, loads(0, 2, 4, 0)))).toEqual([{ cold: 3, conflict: 1 }]);
  });

  test('of capacity, when nothing has room', () => {
    expect(kindsOf(run(ONE, loads(0, 1, 2, 3, 4, 0)))).toEqual([{ cold: 5, capacity: 1 }]);
  });

  test('cold again, when the core itself has dropped the line', () => {
    const machine = run(ONE, function* dropper() {
      yield load(A);
      yield flush(A);
      yield load(A);
    });
    expect(kindsOf(machine)).toEqual([{ cold: 2 }]);
  });
});

/** Hart 0 reads a word; hart 1 does something; hart 0 goes on. */
function relay(config: MachineConfig, between: () => Code, after: () => Code): Kinds {
  const machine = run(
    config,
    function* reader() {
      yield load(A);
      yield work(5000);
      yield* after();
    },
    function* writer() {
      yield work(1000);
      yield* between();
    },
  );
  return kindsOf(machine)[0] as Kinds;
}

describe.each(PRESET_NAMES)('on %s a miss on a line that another core wrote', (preset) => {
  const two = smallWith(preset, 2);

  test('is true sharing, when the word is used that was written', () => {
    const kinds = relay(
      two,
      function* writes() {
        yield store(A, 1);
      },
      loads(0),
    );
    expect(kinds).toEqual({ cold: 1, trueSharing: 1 });
  });

  test('is false sharing, when only other words are used', () => {
    const kinds = relay(
      two,
      function* writes() {
        yield store(A + 4, 1);
      },
      loads(0, 0, 0),
    );
    expect(kinds).toEqual({ cold: 1, falseSharing: 1 });
  });

  test('becomes true sharing, when a later hit uses what was written', () => {
    const kinds = relay(
      two,
      function* writes() {
        yield store(A + 4, 1);
      },
      function* uses() {
        yield load(A);
        yield load(A + 8);
        yield load(A + 4);
      },
    );
    expect(kinds).toEqual({ cold: 1, trueSharing: 1 });
  });

  test('is true sharing as well, when the word was written before an earlier miss that was for nothing', () => {
    const kinds = relay(
      two,
      function* writes() {
        yield store(A + 4, 1);
        yield work(6000);
        yield store(A + 8, 1);
      },
      function* uses() {
        yield load(A);
        yield work(5000);
        yield load(A + 4);
      },
    );
    expect(kinds).toEqual({ cold: 1, falseSharing: 1, trueSharing: 1 });
  });

  test('is true sharing, when the line is zeroed whole', () => {
    const kinds = relay(
      two,
      function* writes() {
        yield store(A + 12, 1);
      },
      function* zeroes() {
        yield zeroLine(A);
      },
    );
    expect(kinds).toEqual({ cold: 1, trueSharing: 1 });
  });

  test('is false sharing time and again, when two harts write two words of it', () => {
    const writer = (word: number) =>
      function* writes() {
        for (let turn = 0; turn < 10; turn++) {
          yield store(A + 4 * word, turn);
          yield work(1000);
        }
      };
    const machine = run(two, writer(0), writer(1));
    const kinds = kindsOf(machine);
    for (const each of kinds) {
      expect(each.trueSharing).toBeUndefined();
      expect(each.falseSharing).toBeGreaterThan(7);
    }
    const [hot] = machine.misses?.hottest(1) ?? [];
    expect(hot).toMatchObject({
      line: A / LINE,
      users: [
        { core: 0, wrote: true },
        { core: 1, wrote: true },
      ],
    });
    expect(hot?.invalidations).toBe(machine.counters.total('invalidationsReceived'));
  });

  test('is true sharing, when it was a device that wrote', () => {
    const machine = run(two, function* reads() {
      yield load(A);
      yield store(DISK.ADDRESS, A);
      yield store(DISK.COUNT, 1);
      yield store(DISK.COMMAND, DISK_COMMAND.read);
      yield work(10_000);
      yield load(A + 4);
    });
    expect(kindsOf(machine)[0]).toEqual({ cold: 1, trueSharing: 1 });
  });

  test('is not one, when the line was there to be read: that is an upgrade', () => {
    const machine = run(
      two,
      function* upgrades() {
        yield load(A);
        yield work(500);
        yield store(A, 1);
      },
      loads(0),
    );
    expect(machine.counters.total('upgrades')).toBe(1);
    expect(kindsOf(machine)[0]).toEqual({ cold: 1 });
  });
});

test('without coherence, a line that was dropped because of what others wrote is true or false sharing', () => {
  const config = small({ preset: 'cc-numa', nodes: 2 }, { coherence: 'none' });
  function* writes(): Code {
    yield store(A + 4, 1);
    yield flush(A);
  }
  const rereads = (...words: readonly number[]) =>
    relay(config, writes, function* drops() {
      for (const word of words) {
        yield flush(A);
        yield load(A + 4 * word);
      }
    });
  expect(rereads(1)).toEqual({ cold: 1, trueSharing: 1 });
  expect(rereads(0)).toEqual({ cold: 1, falseSharing: 1 });
  // Once it has been seen it is no news; the third miss is for a line that nobody has written since.
  expect(rereads(1, 1)).toEqual({ cold: 2, trueSharing: 1 });
  expect(rereads(0, 1)).toEqual({ cold: 1, falseSharing: 1, trueSharing: 1 });
  expect(rereads(0, 1, 0)).toEqual({ cold: 2, falseSharing: 1, trueSharing: 1 });
  const seenLater = relay(config, writes, function* usesBoth() {
    yield flush(A);
    yield load(A);
    yield load(A + 4);
    yield flush(A);
    yield load(A + 4);
  });
  expect(seenLater).toEqual({ cold: 2, trueSharing: 1 });
});

test('a copy that is updated in place is not lost', () => {
  const config = smallWith('smp', 2, { coherence: 'update' });
  const kinds = relay(
    config,
    function* writes() {
      yield store(A, 1);
    },
    loads(0),
  );
  expect(kinds).toEqual({ cold: 1 });
});

const READS: ReadonlySet<number> = new Set([OP.load, OP.load8, OP.load16, OP.loadReserved, OP.prefetch]);
const WRITES: ReadonlySet<number> = new Set([
  OP.store,
  OP.store8,
  OP.store16,
  OP.testAndSet,
  OP.fetchAndStore,
  OP.fetchAndAdd,
  OP.compareAndSwap,
]);

/** The accesses of a run in their global order. */
function stepsOf(events: readonly TraceEvent[], lineBytes: number): Step[] {
  return events.flatMap((event): Step[] => {
    if (event.kind !== 'instruction') return [];
    const { hart: core, op, a } = event;
    const line = Math.floor(a / lineBytes);
    const words = [Math.floor((a % lineBytes) / 4)];
    if (READS.has(op)) return [{ core, kind: 'read', line, words }];
    if (WRITES.has(op)) return [{ core, kind: 'write', line, words }];
    if (op === OP.flush || op === OP.invalidate) return [{ core, kind: 'drop', line, words: [] }];
    if (op !== OP.zeroLine) return [];
    return [{ core, kind: 'write', line, words: Array.from({ length: lineBytes / 4 }, (_, word) => word) }];
  });
}

test('random programs have the misses that the plain definition says', () => {
  const seen: Kinds = {};
  fc.assert(
    fc.property(shapes(4), programs(8, 120), (shape, random) => {
      const config = small({ ...shape, hartsPerCore: 1 }, { classifyMisses: true });
      // Whether a conditional store writes is for the machine to know.
      const plain = random.map((list) => list.filter(({ kind }) => kind !== 'storeConditional'));
      const { machine, events, go } = startRandom(config, plain);
      go();
      const steps = stepsOf(events, config.l1.line);
      const expected = classify(steps, machine.harts, { sets: shape.sets, ways: shape.ways });
      const counts = expected.map((kinds): Kinds => {
        const sum: Kinds = {};
        for (const kind of kinds) sum[kind] = (sum[kind] ?? 0) + 1;
        return sum;
      });
      expect(kindsOf(machine)).toEqual(counts);
      expectSums(machine);
      for (const sum of counts)
        for (const [kind, count] of Object.entries(sum) as [MissKindName, number][])
          seen[kind] = (seen[kind] ?? 0) + count;
    }),
    effort(150),
  );
  // The programs are such that every kind occurs, or the comparison says nothing.
  for (const { name } of MISS_KINDS) expect(seen[name], name).toBeGreaterThan(100);
});

/** What must not depend on whether misses are classified. */
const timingOf = ({ state, caches, counters }: Machine) => ({
  clocks: [...state.clock],
  lines: [...caches.line],
  stamps: [...caches.stamp],
  data: [...caches.data],
  counters: Object.fromEntries(
    (
      ['instructions', 'l1Hits', 'l1Misses', 'upgrades', 'stallCycles', 'queueCycles', 'spinPolls'] as const
    ).map((name) => [name, counters.total(name)]),
  ),
});

test('classifying changes no clock, cache or other counter', () => {
  const second = fc.constantFrom({}, { l2: { size: 512, ways: 2 } }, { storeBuffer: 2 });
  fc.assert(
    fc.property(shapes(4), programs(8, 60), second, (shape, random, set) => {
      const [plain, classified] = [false, true].map((classifyMisses) => {
        const { machine, go } = startRandom(small(shape, { ...set, classifyMisses }), random);
        go();
        if (classifyMisses) expectSums(machine);
        return timingOf(machine);
      });
      expect(classified).toEqual(plain);
    }),
    effort(60),
  );
});

test('spins have the misses of spins that are executed poll by poll, and the same clocks', () => {
  fc.assert(
    fc.property(shapes(4), rounds, (shape, plan) => {
      const [elided, executed] = [true, false].map((elideSpins) => {
        const machine = new Machine(small(shape, { skew: 8, elideSpins, classifyMisses: true }));
        for (let hart = 0; hart < machine.harts; hart++) {
          machine.start(hart, () => goThrough(hart, machine.harts, plan, () => undefined));
        }
        expect(machine.run({ cycles: 2_000_000 })).toEqual({ kind: 'finished' });
        expectSums(machine);
        return { kinds: kindsOf(machine), timing: timingOf(machine) };
      });
      expect(elided).toEqual(executed);
    }),
    effort(80),
  );
});

test('a hart that spins keeps its line recent in the shadow of a core that it shares', () => {
  const config = small({ hartsPerCore: 2, ways: 1, sets: 4 });
  const machine = run(
    config,
    function* spins() {
      yield spinUntil(A, 1);
    },
    function* fills() {
      yield work(200);
      // Line 4 drives line 0 out of the only way of its set; fully associative, lines 1 to 3 would have gone first.
      yield* loads(1, 2, 3, 4)();
      yield work(200);
      yield store(A, 1);
    },
  );
  expect(kindsOf(machine)).toEqual([{ cold: 1, conflict: 1 }, { cold: 4 }]);
});
