import { describe, expect, test } from 'vitest';
import { csrWrite, fenceTranslations, load, load8, satpFor, store, store8 } from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { makePte, PTE } from '../../../hw/mmu/page-table.ts';
import { small } from '../machines.ts';
import { DATA, mapped, MEMORY, remap, ROOTS, TABLES } from './mapped.ts';

const { VALID, READ, WRITE } = PTE;

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
