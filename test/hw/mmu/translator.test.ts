/** The translator and its TLBs against a naive walk of the same tables. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Code,
  csrRead,
  csrSwap,
  csrWrite,
  environmentCall,
  fenceTranslations,
  load,
  load8,
  satpFor,
  store,
  store8,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { isLeaf, makePte, PTE, pteAddress } from '../../../hw/mmu/page-table.ts';
import { noteTraps, type SeenTrap } from '../bare.ts';
import { effort } from '../effort.ts';
import { small } from '../machines.ts';
import { startKernel } from '../test-kernel.ts';
import { walk } from './naive-walker.ts';

/** The machine has two superpages of memory, so that superpages can be mapped. */
const MEMORY = 2 ** 23;
const ROOTS = [0x1_0000, 0x1_1000];
const TABLES = [0x1_2000, 0x1_3000];
const ASIDS = [0, 1, 511];
/** Words of data start here; tables lie below. */
const DATA = 0x2_0000;
/** Virtual pages that are used: they share sets of the TLB, and lie in three superpages and at the very top. */
const PAGES = [0, 1, 2, 4, 8, 0x400, 0x401, 0x404, 0x801, 0x802, 0xf_ffff];

const { VALID, READ, WRITE, EXECUTE, USER, GLOBAL, ACCESSED, DIRTY } = PTE;
const flags = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      VALID | READ | WRITE,
      VALID | READ | WRITE | USER,
      VALID | READ | USER,
      VALID | READ,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      VALID | READ | WRITE | USER | ACCESSED | DIRTY,
      VALID | READ | WRITE | ACCESSED,
      VALID | READ | WRITE | GLOBAL,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0,
      READ | WRITE,
      VALID | WRITE,
      VALID | EXECUTE,
      VALID | WRITE | USER,
      VALID | EXECUTE | READ | USER,
    ),
  },
);
const leafTarget = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 7 }).map((page) => DATA + 0x1000 * page) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(MEMORY, 0x7fff_f000, 0xffff_f000, 2 ** 32, 2 ** 32 + DATA, 2 ** 34 - 4096),
  },
);
/** An entry of a second-level table. */
const leaf = fc.record({ target: leafTarget, flags });
/** An entry of a root: mostly a table, sometimes a superpage, sound or not. */
const top = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...TABLES).map((target) => ({ target, flags: VALID })) },
  { weight: 2, arbitrary: fc.record({ target: fc.constantFrom(0, 2 ** 22), flags }) },
  { weight: 1, arbitrary: fc.record({ target: fc.constantFrom(0x1000, DATA, 2 ** 32, MEMORY), flags }) },
  { weight: 1, arbitrary: fc.constantFrom({ target: MEMORY, flags: VALID }, { target: 0, flags: 0 }) },
);

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('access' as const),
      page: fc.constantFrom(...PAGES),
      write: fc.boolean(),
      user: fc.boolean(),
      word: fc.constantFrom(0, 1, 1023),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('space' as const),
      root: fc.nat(1),
      asid: fc.constantFrom(...ASIDS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('leaf' as const),
      table: fc.nat(1),
      page: fc.constantFrom(...PAGES),
      entry: leaf,
      fence: fc.constantFrom('none', 'page', 'page-of-space', 'space', 'all'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('top' as const),
      root: fc.nat(1),
      page: fc.constantFrom(...PAGES),
      entry: top,
      fence: fc.constantFrom('none', 'all'),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const pte = (entry: { target: number; flags: number }): number =>
  (Math.floor(entry.target / 4096) * 1024 + entry.flags) | 0;

interface Space {
  root: number;
  asid: number;
}

/** Carries the steps out and after each compares with the naive walk. */
function follow(
  tables: { tops: number[][]; leaves: number[][] },
  steps: readonly Step[],
  ways: number,
): void {
  const machine = new Machine(small({}, { memoryPerNode: MEMORY, tlb: { entries: 4, ways } }));
  for (const [which, root] of ROOTS.entries()) {
    for (const [index, page] of PAGES.entries())
      machine.poke(root + 4 * (page >>> 10), tables.tops[which]?.[index] ?? 0);
  }
  for (const [which, table] of TABLES.entries()) {
    for (const [index, page] of PAGES.entries())
      machine.poke(table + 4 * (page & 1023), tables.leaves[which]?.[index] ?? 0);
  }
  const peek = (address: number): number | undefined =>
    address < MEMORY ? machine.peek(address) : undefined;
  const space: Space = { root: 0, asid: 0 };
  const satp = (): number => satpFor(ROOTS[space.root] as number, space.asid);
  /** Whether tables were changed without a fence since the last fence of everything: then the TLB may be stale. */
  let stale = false;
  let failure: string | undefined;

  /** Checks one access: what it gave (a value, or minus the cause), and the marks that it left. */
  function* checked(entry: Step & { do: 'access' }): Code {
    const address = (entry.page * 4096 + 4 * entry.word) | 0;
    const request = { satp: satp(), address, write: entry.write, user: entry.user };
    const expected = walk(request, peek);
    const before = expected.kind === 'mapped' ? peek(expected.physical) : undefined;
    // A superpage maps the tables themselves.
    if (expected.kind === 'mapped' && entry.write && expected.physical < DATA) stale = true;
    const result = yield entry.write ? store(address, 0x5000 + entry.page) : load(address);
    if (stale) return;
    const fault =
      expected.kind === 'page-fault'
        ? entry.write
          ? CAUSE.storePageFault
          : CAUSE.loadPageFault
        : entry.write
          ? CAUSE.storeAccessFault
          : CAUSE.loadAccessFault;
    const wanted = expected.kind !== 'mapped' ? -fault : entry.write ? 0 : before;
    if (result !== wanted)
      failure ??= `${JSON.stringify(request)} gave ${result}, not ${wanted}: ${JSON.stringify(expected)}`;
    if (expected.kind === 'mapped' && entry.write && peek(expected.physical) !== 0x5000 + entry.page) {
      failure ??= `${JSON.stringify(request)} did not write ${expected.physical}`;
    }
    if (expected.kind === 'mapped' && peek(expected.pteAt) !== expected.pte) {
      failure ??= `${JSON.stringify(request)} left the entry ${peek(expected.pteAt)}, not ${expected.pte}`;
    }
  }

  /** In supervisor mode: everything but accesses of the user. */
  function* supervise(entry: Step): Code {
    const current = yield csrSwap('satp', 0);
    let next = current;
    if (entry.do === 'space') {
      space.root = entry.root;
      space.asid = entry.asid;
      next = satp();
      // Another root under the same number: RISC-V asks for a fence.
      yield fenceTranslations(-1, entry.asid);
    } else if (entry.do === 'leaf' || entry.do === 'top') {
      const at =
        entry.do === 'leaf'
          ? (TABLES[entry.table] as number) + 4 * (entry.page & 1023)
          : (ROOTS[entry.root] as number) + 4 * (entry.page >>> 10);
      stale = true;
      yield store(at, pte(entry.entry));
      if (entry.fence === 'all') {
        yield fenceTranslations();
        stale = false;
      } else {
        // The table may be mapped in many places: a narrower fence covers only some.
        const address = (entry.page * 4096) | 0;
        if (entry.fence === 'page') yield fenceTranslations(address);
        if (entry.fence === 'page-of-space') yield fenceTranslations(address, space.asid);
        if (entry.fence === 'space') yield fenceTranslations(-1, space.asid);
      }
    }
    yield csrWrite('satp', next);
    if (entry.do === 'access') yield* checked(entry);
  }

  startKernel(machine, 0, {
    programs: [
      function* user() {
        for (const [index, entry] of steps.entries()) {
          if (entry.do === 'access' && entry.user) yield* checked(entry);
          else yield environmentCall(index);
        }
      },
    ],
    *prepare() {
      yield csrWrite('satp', satp());
    },
    *handle({ cause, value }) {
      if (cause !== CAUSE.userCall) return { result: -cause };
      const [sepc, status] = [yield csrRead('sepc'), yield csrRead('sstatus')];
      yield* supervise(steps[value] as Step);
      yield csrWrite('sepc', sepc);
      yield csrWrite('sstatus', status);
      return { result: 0 };
    },
  });
  for (let taken = 0; failure === undefined && machine.run({ instructions: 1 }).kind === 'budget'; taken++) {
    if (taken > 20_000) failure = 'the machine does not come to an end';
    else if (!stale) failure = staleEntry(machine, space, peek);
  }
  expect(failure).toBeUndefined();
  expect(machine.run()).toEqual({ kind: 'finished' });
}

/** A TLB entry of the present space that the tables do not have, if there is one. */
function staleEntry(
  machine: Machine,
  space: Space,
  peek: (address: number) => number | undefined,
): string | undefined {
  for (const entry of machine.tlbEntries(0)) {
    if (entry.asid !== space.asid) continue;
    const request = {
      satp: satpFor(ROOTS[space.root] as number, space.asid),
      address: entry.page * 4096,
      write: false,
      user: (entry.pte & USER) !== 0,
    };
    const walked = walk(request, peek);
    // Marks are set in the tables first; an entry may lack the dirty mark.
    const agrees =
      walked.kind === 'mapped' &&
      walked.level === entry.level &&
      (walked.pte | DIRTY) === (entry.pte | DIRTY);
    const unmapped = walked.kind === 'access-fault' && isLeaf(entry.pte);
    if (!agrees && !unmapped)
      return `the TLB has ${JSON.stringify(entry)}, the tables ${JSON.stringify(walked)}`;
  }
  return undefined;
}

describe('translation', () => {
  test('is what a naive walk of the tables gives, and the TLB agrees with them', () => {
    const table = <T extends { target: number; flags: number }>(entry: fc.Arbitrary<T>) =>
      fc.array(fc.array(entry.map(pte), { minLength: PAGES.length, maxLength: PAGES.length }), {
        minLength: 2,
        maxLength: 2,
      });
    fc.assert(
      fc.property(
        fc.record({ tops: table(top), leaves: table(leaf) }),
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.constantFrom(1, 2, 4),
        follow,
      ),
      effort(150),
    );
  });
});

/** Runs supervisor code with the pages 1 to 8 mapped to the frames at DATA, by the tables at ROOTS[0]. */
function mapped(
  program: (soFar: SeenTrap[]) => Code,
  extra: (machine: Machine) => void = () => undefined,
): Machine {
  const machine = new Machine(small({}, { memoryPerNode: MEMORY, tlb: { entries: 64, ways: 4 } }));
  const [root, table] = [ROOTS[0] as number, TABLES[0] as number];
  machine.poke(root, makePte(table, VALID));
  for (let page = 1; page <= 8; page++)
    machine.poke(table + 4 * page, makePte(DATA + 0x1000 * (page - 1), VALID | READ | WRITE));
  extra(machine);
  const seen: SeenTrap[] = [];
  machine.start(0, function* run() {
    yield* noteTraps(machine, seen);
    yield csrWrite('satp', satpFor(root, 3));
    yield* program(seen);
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  return machine;
}

/** Changes the entry of a page behind the TLB's back. */
function* remap(page: number, entry: number): Code {
  const satp = yield csrSwap('satp', 0);
  yield store((TABLES[0] as number) + 4 * page, entry);
  yield csrWrite('satp', satp);
}

describe('the TLB', () => {
  test('keeps a translation until a fence, and no longer', () => {
    mapped(function* () {
      yield store(0x1000, 11);
      yield store(0x2000, 22);
      yield* remap(1, makePte(DATA + 0x1000, VALID | READ | WRITE));
      expect(yield load(0x1000)).toBe(11);
      yield fenceTranslations(0x2000);
      expect(yield load(0x1000)).toBe(11);
      yield fenceTranslations(0x1000, 4);
      expect(yield load(0x1000)).toBe(11);
      yield fenceTranslations(0x1000, 3);
      expect(yield load(0x1000)).toBe(22);
    });
  });

  test.each([
    ['of the page', -1, 0x1abc],
    ['of the address space', 3, -1],
    ['of everything', -1, -1],
  ])('is emptied by a fence %s', (_, asid, address) => {
    mapped(function* (seen) {
      yield load(0x1000);
      yield* remap(1, 0);
      expect(yield load(0x1000)).toBe(0);
      yield fenceTranslations(address, asid);
      expect(yield load(0x1000)).toBe(-1);
      expect(seen).toEqual([{ cause: CAUSE.loadPageFault, value: 0x1000 }]);
    });
  });

  test('lets a right that was added be used at once', () => {
    mapped(function* (seen) {
      yield* remap(1, makePte(DATA, VALID | READ));
      yield load(0x1000);
      yield* remap(1, makePte(DATA, VALID | READ | WRITE));
      yield store(0x1000, 5);
      expect(yield load(0x1000)).toBe(5);
      expect(seen).toEqual([]);
    });
  });

  test('tells address spaces apart by their number', () => {
    mapped(
      function* () {
        yield store(0x1000, 11);
        yield csrWrite('satp', satpFor(ROOTS[1] as number, 4));
        yield store(0x1000, 22);
        yield csrWrite('satp', satpFor(ROOTS[0] as number, 3));
        expect(yield load(0x1000)).toBe(11);
        yield fenceTranslations(-1, 3);
        yield csrWrite('satp', satpFor(ROOTS[1] as number, 4));
        expect(yield load(0x1000)).toBe(22);
      },
      (machine) => {
        machine.poke(ROOTS[1] as number, makePte(TABLES[1] as number, VALID));
        machine.poke((TABLES[1] as number) + 4, makePte(DATA + 0x5000, VALID | READ | WRITE));
      },
    );
  });

  test('misses once per page as long as there is room', () => {
    const machine = mapped(function* () {
      for (let round = 0; round < 3; round++) for (let page = 1; page <= 8; page++) yield load(0x1000 * page);
    });
    expect(machine.counters.get(0, 'tlbMisses')).toBe(8);
    expect(machine.counters.get(0, 'walkCycles')).toBeGreaterThan(0);
  });

  test('holds a superpage in one entry', () => {
    const machine = mapped(
      function* () {
        for (let page = 0; page < 32; page++) yield store8(0x40_0000 + 0x8_0000 + 0x1000 * page, page);
        expect(yield load8(0x40_0000 + 0x8_5000)).toBe(5);
      },
      (fresh) => fresh.poke((ROOTS[0] as number) + 4, makePte(2 ** 22, VALID | READ | WRITE)),
    );
    expect(machine.counters.get(0, 'tlbMisses')).toBe(1);
    expect(machine.tlbEntries(0)).toMatchObject([{ level: 1, page: 0x400, asid: 3 }]);
    expect(machine.peekByte(2 ** 22 + 0x8_5000)).toBe(5);
  });

  test('is each hart’s own', () => {
    const machine = new Machine(small({ preset: 'smp', coresPerNode: 2 }, { memoryPerNode: MEMORY }));
    machine.poke(ROOTS[0] as number, makePte(TABLES[0] as number, VALID));
    machine.poke((TABLES[0] as number) + 4, makePte(DATA, VALID | READ));
    for (let hart = 0; hart < 2; hart++) {
      machine.start(hart, function* run() {
        yield csrWrite('satp', satpFor(ROOTS[0] as number, 1));
        yield load(0x1000);
        if (hart === 0) yield fenceTranslations();
      });
    }
    machine.run();
    expect(machine.tlbEntries(0)).toEqual([]);
    expect(machine.tlbEntries(1)).toHaveLength(1);
  });
});

describe('the walker', () => {
  test('sets the accessed bit at a load and the dirty bit at the first store', () => {
    const bits: number[] = [];
    const entryAt = (TABLES[0] as number) + 4;
    let look = (): void => undefined;
    const machine = mapped(
      function* () {
        look();
        yield load(0x1000);
        yield csrRead('satp');
        look();
        yield store(0x1000, 1);
        yield csrRead('satp');
        look();
      },
      (fresh) => {
        look = () => void bits.push(fresh.peek(entryAt) & (ACCESSED | DIRTY));
      },
    );
    expect(bits).toEqual([0, ACCESSED, ACCESSED | DIRTY]);
    expect(pteAddress(machine.peek(entryAt))).toBe(DATA);
  });

  test('goes through the cache, and costs what its accesses cost', () => {
    const machine = mapped(function* () {
      yield load(0x1000);
    });
    const { l1Hit, memory } = machine.config.timing;
    // Root and table miss; the update of the marks finds the entry's line here, and owned.
    expect(machine.counters.get(0, 'walkCycles')).toBe(2 * (memory + l1Hit) + l1Hit);
  });

  test('does not walk when translation is off', () => {
    const machine = mapped(function* () {
      yield csrWrite('satp', 0);
      yield load(0x1000);
    });
    expect(machine.counters.get(0, 'tlbMisses')).toBe(0);
  });

  test('faults where a table lies beyond memory', () => {
    mapped(
      function* (seen) {
        yield load(0x80_0000);
        expect(seen).toEqual([{ cause: CAUSE.loadAccessFault, value: 0x80_0000 }]);
      },
      (machine) => machine.poke((ROOTS[0] as number) + 8, makePte(MEMORY, VALID)),
    );
  });
});

test('a user page is for the user alone, and a supervisor page for the supervisor', () => {
  const faults: SeenTrap[] = [];
  const machine = new Machine(small({}, { memoryPerNode: MEMORY }));
  machine.poke(ROOTS[0] as number, makePte(TABLES[0] as number, VALID));
  machine.poke((TABLES[0] as number) + 4, makePte(DATA, VALID | READ | WRITE));
  machine.poke((TABLES[0] as number) + 8, makePte(DATA, VALID | READ | WRITE | USER));
  startKernel(machine, 0, {
    programs: [
      function* user() {
        yield load(0x1000);
        yield store(0x2000, 1);
        yield load(0x1000);
      },
    ],
    *prepare() {
      yield csrWrite('satp', satpFor(ROOTS[0] as number, 1));
      const status = yield csrRead('sstatus');
      yield store(0x1000, 1);
      yield load(0x2000);
      yield csrWrite('sstatus', status);
    },
    *handle({ cause, value }) {
      faults.push({ cause, value });
      return { result: 0 };
    },
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  const fault = (value: number): SeenTrap => ({ cause: CAUSE.loadPageFault, value });
  expect(faults).toEqual([fault(0x2000), fault(0x1000), fault(0x1000)]);
});
