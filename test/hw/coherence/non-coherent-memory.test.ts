/** Caches that nobody keeps coherent really return what is stale, until software does something about it. */
import { describe, expect, test } from 'vitest';
import { DISK_BLOCK, DISK_COMMAND } from '../../../hw/address-map.ts';
import {
  type Code,
  compareAndSwap,
  csrWrite,
  fetchAndAdd,
  fetchAndStore,
  flush,
  invalidate,
  load,
  loadReserved,
  prefetch,
  satpFor,
  spinUntilAny,
  spinUntilNot,
  store,
  store8,
  storeConditional,
  testAndSet,
  work,
  zeroLine,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { makePte, PTE } from '../../../hw/mmu/page-table.ts';
import { small, tlbWith } from '../machines.ts';
import { startKernel } from '../test-kernel.ts';
import { countsOf, cyclesOf, once, takeTurns, transfer } from '../turns.ts';

const WORD = 0x2000;
const ROOT = 0x4000;
const TABLE = 0x5000;

const build = (harts = 2): Machine =>
  new Machine(small({ preset: 'ncc-numa', nodes: harts }, { skew: 1, tlb: tlbWith(64, 4) }));

const reads = once(() => load(WORD));
const writes = (value: number) => once(() => store(WORD, value));
const flushes = once(() => flush(WORD));
const invalidates = once(() => invalidate(WORD));

describe('a cached word', () => {
  test('stays stale after another core has written it, and even after that was flushed', () => {
    const machine = build();
    const seen = takeTurns(
      machine,
      [0, reads],
      [1, writes(7)],
      [0, reads],
      [1, flushes],
      [0, reads],
      [0, invalidates],
      [0, reads],
    );
    expect([seen[0], seen[2], seen[4], seen[6]]).toEqual([0, 0, 0, 7]);
    expect(countsOf(machine, 'invalidationsSent')).toEqual([0, 0]);
  });

  test('that was written is nobody else’s before it is flushed', () => {
    const machine = build();
    const seen = takeTurns(machine, [0, writes(7)], [1, reads], [1, invalidates], [0, flushes], [1, reads]);
    expect([seen[1], seen[4]]).toEqual([0, 7]);
    expect(countsOf(machine, 'writebacks')).toEqual([1, 0]);
  });

  test('that was written is published by an eviction, too', () => {
    const machine = build();
    // Two ways and two sets of 16 bytes: these two meet the word’s line.
    const meets = [0x20, 0x40].map((offset) => once(() => load(WORD + offset)));
    const seen = takeTurns(machine, [0, writes(7)], ...meets.map((read) => [0, read] as const), [1, reads]);
    expect(seen.at(-1)).toBe(7);
  });

  test('is gone, unwritten, when the supervisor invalidates it', () => {
    const machine = build();
    const seen = takeTurns(machine, [0, writes(7)], [0, invalidates], [0, reads]);
    expect(seen[2]).toBe(0);
    expect(countsOf(machine, 'writebacks')).toEqual([0, 0]);
  });

  test('is written back when a user program invalidates it', () => {
    const machine = build(1);
    const ending = startKernel(machine, 0, {
      programs: [
        function* user() {
          yield store(WORD, 7);
          yield invalidate(WORD);
          return yield load(WORD);
        },
      ],
      *handle() {
        return 'again';
      },
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(ending.values).toEqual([7]);
    expect(machine.memory.words[WORD >>> 2]).toBe(7);
    expect(countsOf(machine, 'writebacks')).toEqual([1]);
  });

  test('loses to a neighbour in its line that another core flushes later: false sharing loses writes', () => {
    const machine = build();
    const other = once(() => store(WORD + 4, 8));
    takeTurns(machine, [0, writes(7)], [1, other], [0, flushes], [1, flushes]);
    expect([machine.peek(WORD), machine.peek(WORD + 4)]).toEqual([0, 8]);
  });

  test('is the same for the harts of one core, which share a cache', () => {
    const machine = new Machine(small({ preset: 'ncc-numa', hartsPerCore: 2 }, { skew: 1 }));
    expect(takeTurns(machine, [0, reads], [1, writes(7)], [0, reads])[2]).toBe(7);
  });

  test('is found stale at the second level as well, and invalidated there', () => {
    const machine = new Machine(
      small({ preset: 'ncc-numa', nodes: 2, ways: 1, sets: 1 }, { skew: 1, l2: { size: 64, ways: 4 } }),
    );
    const aside = once(() => load(WORD + 0x10));
    const seen = takeTurns(
      machine,
      [0, reads],
      [0, aside],
      [1, writes(7)],
      [1, flushes],
      [0, reads],
      [0, aside],
      [0, invalidates],
      [0, reads],
    );
    expect([seen[4], seen[7]]).toEqual([0, 7]);
    expect(countsOf(machine, 'l2Hits')[0]).toBe(2);
  });
});

describe('atomic instructions', () => {
  test('execute at the memory, and see each other', () => {
    const machine = build(4);
    for (let hart = 0; hart < 4; hart++) {
      machine.start(hart, function* () {
        for (let turn = 0; turn < 25; turn++) yield fetchAndAdd(WORD, 1);
      });
    }
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(machine.peek(WORD)).toBe(100);
    expect(countsOf(machine, 'uncached')).toEqual([25, 25, 25, 25]);
    expect(machine.counters.total('l1Misses')).toBe(0);
  });

  test.each([
    ['testAndSet', () => testAndSet(WORD), 1],
    ['fetchAndStore', () => fetchAndStore(WORD, 9), 9],
    ['fetchAndAdd', () => fetchAndAdd(WORD, 2), 7],
    ['compareAndSwap', () => compareAndSwap(WORD, 5, 6), 6],
  ] as const)('%s reads and writes the memory, though its core has the word cached', (_, make, after) => {
    const machine = build();
    const seen = takeTurns(machine, [0, reads], [1, once(() => fetchAndStore(WORD, 5))], [0, once(make)]);
    expect(seen[2]).toBe(5);
    expect(machine.peek(WORD)).toBe(after);
  });

  test('take the way to the memory and back each time', () => {
    const machine = build();
    const { l1Hit, memory, hop } = machine.config.timing;
    const add = cyclesOf(() => fetchAndAdd(WORD, 1));
    const here = memory + l1Hit + 1;
    expect(takeTurns(machine, [0, add], [0, add], [1, add])).toEqual([here, here, here + 2 * hop]);
  });
});

describe('words that must not be cached, because firmware says so,', () => {
  const uncached = (harts = 2): Machine => {
    const machine = build(harts);
    machine.markUncached(WORD, WORD + 0x100);
    return machine;
  };

  test('are never stale', () => {
    const machine = uncached();
    const seen = takeTurns(machine, [0, reads], [1, writes(7)], [0, reads], [1, writes(8)], [0, reads]);
    expect([seen[0], seen[2], seen[4]]).toEqual([0, 7, 8]);
    expect(countsOf(machine, 'uncached')).toEqual([3, 2]);
    expect(machine.counters.total('l1Hits') + machine.counters.total('l1Misses')).toBe(0);
  });

  test('are not brought in by a prefetch either', () => {
    const machine = uncached();
    const seen = takeTurns(machine, [0, once(() => prefetch(WORD))], [1, writes(7)], [0, reads]);
    expect(seen[2]).toBe(7);
  });

  test('end where the range ends', () => {
    const machine = uncached();
    const beyond = WORD + 0x100;
    const seen = takeTurns(
      machine,
      [0, once(() => load(beyond))],
      [1, once(() => store(beyond, 7))],
      [1, once(() => flush(beyond))],
      [0, once(() => load(beyond))],
    );
    expect(seen[3]).toBe(0);
  });

  test('are written in parts, and whole lines, at the memory', () => {
    const machine = uncached();
    takeTurns(
      machine,
      [0, writes(-1)],
      [1, once(() => store8(WORD + 1, 0))],
      [0, once(() => store(WORD + 8, 5))],
    );
    expect(machine.peek(WORD) >>> 0).toBe(0xffff_00ff);
    takeTurns(machine, [1, once(() => zeroLine(WORD + 4))]);
    expect([machine.peek(WORD), machine.peek(WORD + 8)]).toEqual([0, 0]);
  });

  test('can be reserved; a write by another hart breaks the reservation', () => {
    const reserve = once(() => loadReserved(WORD));
    const conditionally = once(() => storeConditional(WORD, 9));
    expect(takeTurns(uncached(), [0, reserve], [0, conditionally])).toEqual([0, 0]);
    expect(takeTurns(uncached(), [0, reserve], [1, writes(7)], [0, conditionally])[2]).toBe(1);
    expect(
      takeTurns(uncached(), [0, reserve], [1, once(() => fetchAndAdd(WORD, 0))], [0, conditionally])[2],
    ).toBe(1);
    // Both reserve it: only the first one’s write succeeds.
    const both = takeTurns(uncached(), [0, reserve], [1, reserve], [1, conditionally], [0, conditionally]);
    expect(both.slice(2)).toEqual([0, 1]);
  });

  test('can be reserved, and a device that writes them breaks the reservation', () => {
    const gave = takeTurns(
      uncached(),
      [0, once(() => loadReserved(WORD))],
      [1, transfer(DISK_COMMAND.read, 0, WORD)],
      [0, once(() => storeConditional(WORD, 9))],
    );
    expect(gave[2]).toBe(1);
  });

  test('can be reserved, and a dirty copy from before they were so that goes home breaks the reservation', () => {
    const machine = build();
    const before = takeTurns(machine, [1, writes(7)]);
    machine.markUncached(WORD, WORD + 0x100);
    const gave = takeTurns(
      machine,
      [0, once(() => loadReserved(WORD))],
      [1, flushes],
      [0, once(() => storeConditional(WORD, 9))],
    );
    expect([before.length, gave[0], gave[2]]).toEqual([1, 0, 1]);
    expect(machine.peek(WORD)).toBe(7);
  });

  test('are spun on by going to the memory, whether first or second of two', () => {
    const beyond = WORD + 0x100;
    for (const word of [WORD, beyond]) {
      for (const [first, second] of [
        [WORD, beyond],
        [beyond, WORD],
      ] as const) {
        const machine = uncached();
        let which = -1;
        machine.start(0, function* () {
          which = yield spinUntilAny(first, 0, second, 0);
        });
        machine.start(1, function* () {
          yield work(5000);
          yield fetchAndStore(word, 1);
        });
        // What is cached is stale for ever, so that only a word that is not can end the spin.
        const stop = machine.run({ cycles: 50_000 });
        expect(stop.kind).toBe(word === WORD ? 'finished' : 'budget');
        expect(which).toBe(word === beyond ? -1 : first === WORD ? 0 : 1);
      }
    }
  });

  test('make a lock of reservations that loses no addition', () => {
    const machine = uncached(4);
    for (let hart = 0; hart < 4; hart++) {
      machine.start(hart, function* () {
        for (let turn = 0; turn < 10; turn++) {
          for (;;) {
            const value = yield loadReserved(WORD);
            if ((yield storeConditional(WORD, value + 1)) === 0) break;
          }
        }
      });
    }
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(machine.peek(WORD)).toBe(40);
  });
});

describe('pages', () => {
  /** Page 1 is cached and page 2 is not; both are the frame where the word lies. */
  const [CACHED, UNCACHED] = [0x1000, 0x2000];

  function paged(flags: number): Machine {
    const machine = build();
    const usual = PTE.VALID | PTE.READ | PTE.WRITE;
    machine.poke(ROOT, makePte(TABLE, PTE.VALID));
    machine.poke(TABLE + 4, makePte(WORD, usual));
    machine.poke(TABLE + 8, makePte(WORD, usual | flags));
    return machine;
  }

  function* turnOn(): Code {
    yield csrWrite('satp', satpFor(ROOT, 1));
  }

  test('whose entry says so are not cached; others are', () => {
    const machine = paged(PTE.UNCACHED);
    const seen = takeTurns(
      machine,
      [0, turnOn],
      [1, turnOn],
      [0, once(() => load(CACHED))],
      [1, once(() => store(UNCACHED, 7))],
      [0, once(() => load(CACHED))],
      [0, once(() => load(UNCACHED))],
      [1, once(() => store(UNCACHED, 8))],
      [0, once(() => load(UNCACHED))],
      [0, once(() => prefetch(UNCACHED))],
    );
    expect([seen[4], seen[5], seen[7]]).toEqual([0, 7, 8]);
    // The one access through the cached page that was no hit.
    expect(countsOf(machine, 'l1Misses')[0]).toBe(1);
  });

  test('whose entry says so are spun on at the memory, though the core holds their line from elsewhere', () => {
    const machine = paged(PTE.UNCACHED);
    let saw = 0;
    machine.start(0, function* () {
      yield* turnOn();
      yield load(CACHED);
      saw = yield spinUntilNot(UNCACHED, 0);
    });
    machine.start(1, function* () {
      yield work(5000);
      yield fetchAndStore(WORD, 7);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(saw).toBe(7);
  });

  test('on a coherent machine are cached whatever their entry says', () => {
    const machine = new Machine(small({ nodes: 2 }, { skew: 1, tlb: tlbWith(64, 4) }));
    machine.poke(ROOT, makePte(TABLE, PTE.VALID));
    machine.poke(TABLE + 8, makePte(WORD, PTE.VALID | PTE.READ | PTE.WRITE | PTE.UNCACHED));
    const read = once(() => load(UNCACHED));
    const seen = takeTurns(
      machine,
      [0, turnOn],
      [1, turnOn],
      [0, read],
      [1, once(() => store(UNCACHED, 7))],
      [0, read],
    );
    expect(seen[4]).toBe(7);
    expect(machine.counters.total('uncached')).toBe(0);
  });

  test('are translated by tables that are never stale', () => {
    const machine = paged(PTE.UNCACHED);
    const seen = takeTurns(
      machine,
      [0, turnOn],
      [0, once(() => load(UNCACHED))],
      // The other hart, without translation, maps one more page: it must not write to its cache only.
      [1, once(() => fetchAndStore(TABLE + 12, makePte(WORD, PTE.VALID | PTE.READ)))],
      [0, once(() => load(0x3000))],
    );
    expect(seen[3]).toBe(0);
  });
});

describe('a device', () => {
  test('that writes memory leaves cached words stale, until the driver invalidates them', () => {
    const machine = build();
    machine.disk.image.fill(0x66, DISK_BLOCK, DISK_BLOCK + 4);
    const seen = takeTurns(
      machine,
      [0, reads],
      [1, transfer(DISK_COMMAND.read, 1, WORD)],
      [0, reads],
      [0, invalidates],
      [0, reads],
    );
    expect([seen[2], seen[4]]).toEqual([0, 0x6666_6666]);
  });

  test('that reads memory misses what is not flushed', () => {
    const machine = build();
    takeTurns(machine, [0, writes(0x55)], [1, transfer(DISK_COMMAND.write, 0, WORD)]);
    expect(machine.disk.image[0]).toBe(0);
    takeTurns(machine, [0, flushes], [1, transfer(DISK_COMMAND.write, 0, WORD)]);
    expect(machine.disk.image[0]).toBe(0x55);
  });

  test('that writes memory loses to a dirty line that is evicted afterwards', () => {
    const machine = build();
    machine.disk.image.fill(0x66, DISK_BLOCK, DISK_BLOCK + 8);
    takeTurns(machine, [0, writes(7)], [1, transfer(DISK_COMMAND.read, 1, WORD)], [0, flushes]);
    expect([machine.peek(WORD), machine.peek(WORD + 4)]).toEqual([7, 0]);
  });
});
