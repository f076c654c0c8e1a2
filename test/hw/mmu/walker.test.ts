import { describe, expect, test } from 'vitest';
import { csrRead, csrWrite, load, satpFor, store } from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { makePte, PTE, pteAddress } from '../../../hw/mmu/page-table.ts';
import { type SeenTrap } from '../bare.ts';
import { small } from '../machines.ts';
import { startKernel } from '../test-kernel.ts';
import { DATA, mapped, MEMORY, ROOTS, TABLES } from './mapped.ts';

const { VALID, READ, WRITE, USER, ACCESSED, DIRTY } = PTE;

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
