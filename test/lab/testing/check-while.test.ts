import { afterEach, describe, expect, test, vi } from 'vitest';
import { MESI } from '../../../hw/coherence/mesi.ts';
import {
  addressOf,
  type Code,
  fetchAndAdd,
  load,
  mark,
  MARK,
  store,
  testAndSet,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { Dsm } from '../../../kernel/vm/dsm.ts';
import { Hat } from '../../../kernel/vm/hat.ts';
import { checkWhile, expectWhile } from '../../../lab/testing/check-while.ts';
import { mutualExclusion } from '../../../lab/testing/invariants/mutual-exclusion.ts';
import { small } from '../../hw/machines.ts';
import { type Entry, sys } from '../../kernel/run.ts';

afterEach(() => vi.restoreAllMocks());

const LOCK = 0x1000;
const COUNT = 0x1040;

/** Harts that each store to the same line, bare. */
function stores(protocol = MESI): Machine {
  const machine = new Machine(small({ preset: 'smp', coresPerNode: 3 }), { protocol });
  for (let hart = 0; hart < 3; hart++) {
    machine.start(hart, function* program() {
      for (let time = 0; time < 10; time++) yield store(COUNT + 4 * hart, (yield load(COUNT)) + time);
    });
  }
  return machine;
}

describe('after every instruction', () => {
  test('a good machine is found good, and takes the same steps', () => {
    const alone = stores();
    alone.run();
    const { broken, looks, steps, stop } = checkWhile(stores(), { when: 'instruction' });
    expect(broken).toBeUndefined();
    expect(stop).toEqual({ kind: 'finished' });
    expect(looks).toBeGreaterThanOrEqual(steps);
    expect(steps).toBe(alone.steps);
  });

  test('a protocol that leaves copies behind is found out at the step that did it', () => {
    const broken = MESI.map((row) =>
      row.state === 'M' && row.event === 'remoteLoad' ? { ...row, next: 'M' as const } : row,
    );
    const checked = checkWhile(stores(broken), { when: 'instruction' });
    expect(checked.broken?.invariant).toBe('coherence');
    expect(checked.steps).toBe(checked.broken?.step);
    expect(checked.steps).toBeLessThan(20);
    expect(() => expectWhile(stores(broken), { when: 'instruction' })).toThrow(
      `after ${checked.steps} steps, invariant coherence is broken`,
    );
  });
});

/** Harts that take a lock, with marks, and spin with `take`. */
function locking(take: () => Code<number>): Machine {
  const machine = new Machine(small({ preset: 'smp', coresPerNode: 2 }));
  for (let hart = 0; hart < 2; hart++) {
    machine.start(hart, function* program() {
      for (let time = 0; time < 5; time++) {
        while ((yield* take()) !== 0) yield work(3);
        yield mark(MARK.lockAcquired, LOCK);
        yield fetchAndAdd(COUNT, 1);
        yield work(20);
        yield mark(MARK.lockReleased, LOCK);
        yield store(LOCK, 0);
      }
    });
  }
  return machine;
}

describe('mutual exclusion', () => {
  test.each(['instruction', 'kernel-exit', 'end'] as const)('is seen from marks, asked at %s', (when) => {
    const good = locking(function* () {
      return yield testAndSet(LOCK);
    });
    expect(checkWhile(good, { when, invariants: [mutualExclusion] }).broken).toBeUndefined();
    const bad = locking(function* () {
      const seen = yield load(LOCK);
      if (seen === 0) yield store(LOCK, 1);
      return seen;
    });
    const { broken } = checkWhile(bad, { when, invariants: [mutualExclusion] });
    expect(broken?.problems[0]).toMatch(
      /^context \d on hart \d acquires lock 0x1000, which context \d on hart \d holds$/,
    );
  });

  test('a release by somebody else is told', () => {
    const machine = new Machine(small());
    machine.start(0, function* program() {
      yield mark(MARK.lockReleased, LOCK);
    });
    expect(() => expectWhile(machine, { when: 'end' })).toThrow(
      'releases lock 0x1000, which it does not hold',
    );
  });

  test('breaks under the one schedule that lets both in', () => {
    const bad = (): Machine =>
      locking(function* () {
        const seen = yield load(LOCK);
        if (seen === 0) yield store(LOCK, 1);
        return seen;
      });
    const check = { when: 'instruction', invariants: [mutualExclusion] } as const;
    expect(checkWhile(bad(), { ...check, schedule: [] }).broken).toBeUndefined();
    expect(checkWhile(bad(), { ...check, schedule: [{ step: 1, actor: 1 }] }).broken).toBeUndefined();
    // Hart 1 has looked; hart 0 takes the lock; hart 1 takes it, too.
    expect(
      checkWhile(bad(), {
        ...check,
        schedule: [
          { step: 1, actor: 1 },
          { step: 2, actor: 0 },
          { step: 4, actor: 1 },
        ],
      }).broken?.invariant,
    ).toBe('mutual-exclusion');
  });
});

const LENGTH = 3 * LIMIT.PAGE;

/** Threads that map, touch, unmap, and read from the disk. */
const busy: Entry = function* () {
  function* worker(seed: number): Code<number> {
    for (let round = 0; round < 3; round++) {
      const flags = MAP.READ | MAP.WRITE | (seed === 0 && round === 0 ? MAP.DISK : 0);
      const address = yield sys('mmap', 0, LENGTH, flags, 24 * seed);
      yield store(address, 1);
      yield store(address + LIMIT.PAGE, 1);
      yield sys('futexWait', address, 1, 500);
      yield work(60_000);
      yield sys('munmap', address, LENGTH);
      yield work(60_000);
    }
    return 0;
  }
  const threads: number[] = [];
  const entry = yield addressOf(worker);
  for (let seed = 0; seed < 5; seed++) threads.push(yield sys('threadSpawn', entry, seed, -1));
  for (const thread of threads) yield sys('threadJoin', thread, 0);
  return 0;
};

function kernel(entry: Entry, preset = 'cc-numa'): Machine {
  const set = { memoryPerNode: 1 << 20, l1: { size: 1024, ways: 2, line: 64 } };
  const machine = new Machine(presetConfig(preset, { harts: 3, nodes: 1, set }));
  bootKernel(machine, { entry });
  return machine;
}

describe('whenever a hart leaves the kernel', () => {
  test.each(['cc-numa', 'smp'])('the invariants hold on %s, and are asked often', (preset) => {
    const alone = kernel(busy, preset);
    alone.run();
    const watched = kernel(busy, preset);
    const { stop, looks, broken, steps } = checkWhile(watched, { when: 'kernel-exit' });
    expect([steps, watched.now()]).toEqual([alone.steps, alone.now()]);
    expect(broken).toBeUndefined();
    expect(stop).toEqual({ kind: 'halted', status: 0 });
    expect(looks).toBeGreaterThan(20);
  });

  test('a frame that is handed out twice is found while the program runs', () => {
    const allocate = Dsm.prototype.allocate;
    let last = 0;
    let count = 0;
    vi.spyOn(Dsm.prototype, 'allocate').mockImplementation(function* (this: Dsm, ...words) {
      count += 1;
      if (count === 25) return last;
      last = yield* allocate.apply(this, words);
      return last;
    });
    const { broken, stop } = checkWhile(kernel(busy), { when: 'kernel-exit' });
    expect(broken?.invariant).toBe('frames');
    expect(stop.kind).toBe('arbiter');
  });

  test('a TLB that keeps what was unmapped is found before the program ends', () => {
    vi.spyOn(Hat.prototype, 'shootdown').mockImplementation(function* () {});
    const { broken, stop } = checkWhile(kernel(busy), { when: 'kernel-exit' });
    // If somebody has stored through it already, the list of free frames is damaged, too.
    expect(['tlb', 'frames']).toContain(broken?.invariant);
    expect(stop.kind).toBe('arbiter');
  });
});
