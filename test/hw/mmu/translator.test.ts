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
  satpFor,
  store,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { isLeaf, PTE } from '../../../hw/mmu/page-table.ts';
import { effort } from '../effort.ts';
import { small, tlbWith } from '../machines.ts';
import { startKernel } from '../test-kernel.ts';
import { walk } from './naive-walker.ts';
import { DATA, MEMORY, ROOTS, TABLES } from './mapped.ts';

const ASIDS = [0, 1, 511];

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
  const machine = new Machine(small({}, { memoryPerNode: MEMORY, tlb: tlbWith(4, ways) }));
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
