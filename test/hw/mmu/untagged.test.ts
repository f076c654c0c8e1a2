/** TLBs without tags forget everything when the address space changes; with tags they forget nothing. */
import { describe, expect, test } from 'vitest';
import { type Code, csrRead, csrSwap, csrWrite, load, satpFor } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { makePte, PTE } from '../../../hw/mmu/page-table.ts';
import { small } from '../machines.ts';

const ROOT = 0x4000;
const TABLE = 0x5000;
const DATA = 0x8000;
const SUPERPAGE = 1 << 22;
const PAGES = [0x1000, 0x2000, 0x3000];

/** Runs supervisor code where the pages are mapped, and one superpage. */
function run(tagged: boolean, program: (machine: Machine) => Code): Machine {
  const machine = new Machine(
    small({}, { tlb: { entries: 64, ways: 4, tagged }, skew: 1, memoryPerNode: 1 << 23 }),
  );
  const flags = PTE.VALID | PTE.READ;
  machine.poke(ROOT, makePte(TABLE, PTE.VALID));
  machine.poke(ROOT + 4, makePte(0, flags));
  for (const [index, page] of PAGES.entries())
    machine.poke(TABLE + (page >> 10), makePte(DATA + 0x1000 * index, flags));
  machine.start(0, () => program(machine));
  expect(machine.run()).toEqual({ kind: 'finished' });
  return machine;
}

function* touchAll(): Code {
  for (const page of PAGES) yield load(page);
  yield load(SUPERPAGE);
}

const misses = (machine: Machine): number => machine.counters.get(0, 'tlbMisses');

describe.each([
  ['with tags', true, 4],
  ['without tags', false, 8],
] as const)('TLBs %s', (_, tagged, expected) => {
  test(`take ${expected} walks for four pages before and after another address space`, () => {
    const machine = run(tagged, function* () {
      yield csrWrite('satp', satpFor(ROOT, 1));
      yield* touchAll();
      yield csrWrite('satp', satpFor(ROOT, 2));
      yield csrWrite('satp', satpFor(ROOT, 1));
      yield* touchAll();
    });
    expect(misses(machine)).toBe(expected);
  });

  test('hold what is used within one address space', () => {
    const machine = run(tagged, function* () {
      yield csrWrite('satp', satpFor(ROOT, 1));
      yield* touchAll();
      yield* touchAll();
    });
    expect(misses(machine)).toBe(4);
    expect(machine.tlbEntries(0)).toHaveLength(4);
  });

  test(`do so where satp is swapped, too, and turned off meanwhile`, () => {
    const machine = run(tagged, function* () {
      yield csrWrite('satp', satpFor(ROOT, 1));
      yield* touchAll();
      const satp = yield csrSwap('satp', 0);
      yield csrWrite('satp', satp);
      yield* touchAll();
    });
    expect(misses(machine)).toBe(expected);
  });
});

test('without tags a write of the same address space flushes as well; reading it does not', () => {
  const machine = run(false, function* () {
    yield csrWrite('satp', satpFor(ROOT, 1));
    yield* touchAll();
    yield csrRead('satp');
    yield* touchAll();
    yield csrWrite('satp', satpFor(ROOT, 1));
    yield* touchAll();
  });
  expect(misses(machine)).toBe(8);
});

test('without tags only the hart that wrote its satp forgets', () => {
  const config = small({ coresPerNode: 2 }, { tlb: { entries: 64, ways: 4, tagged: false }, skew: 1 });
  const machine = new Machine(config);
  machine.poke(ROOT, makePte(TABLE, PTE.VALID));
  machine.poke(TABLE + 4, makePte(DATA, PTE.VALID | PTE.READ));
  machine.start(0, function* () {
    yield csrWrite('satp', satpFor(ROOT, 1));
    for (let turn = 0; turn < 500; turn++) yield load(0x1000);
  });
  machine.start(1, function* () {
    for (let turn = 0; turn < 50; turn++) yield csrWrite('satp', satpFor(ROOT, 1));
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  expect(misses(machine)).toBe(1);
});

test('without tags stale entries of another address space of the same number are gone', () => {
  const machine = run(false, function* (): Code {
    yield csrWrite('satp', satpFor(ROOT, 1));
    yield load(0x1000);
    yield csrWrite('satp', satpFor(ROOT, 2));
    yield load(0x1000);
    yield csrWrite('satp', satpFor(ROOT, 1));
  });
  expect(machine.tlbEntries(0)).toEqual([]);
});
