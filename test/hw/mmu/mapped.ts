/** Page tables in a small machine: where they lie, and a machine with eight pages mapped. */
import { expect } from 'vitest';
import { type Code, csrSwap, csrWrite, satpFor, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { makePte, PTE } from '../../../hw/mmu/page-table.ts';
import { noteTraps, type SeenTrap } from '../bare.ts';
import { small, tlbWith } from '../machines.ts';

/** The machine has two superpages of memory, so that superpages can be mapped. */
export const MEMORY = 2 ** 23;

export const ROOTS = [0x1_0000, 0x1_1000];

export const TABLES = [0x1_2000, 0x1_3000];

/** Words of data start here; tables lie below. */
export const DATA = 0x2_0000;

const { VALID, READ, WRITE } = PTE;

/** Runs supervisor code with the pages 1 to 8 mapped to the frames at DATA, by the tables at ROOTS[0]. */
export function mapped(
  program: (soFar: SeenTrap[]) => Code,
  extra: (machine: Machine) => void = () => undefined,
): Machine {
  const machine = new Machine(small({}, { memoryPerNode: MEMORY, tlb: tlbWith(64, 4) }));
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
export function* remap(page: number, entry: number): Code {
  const satp = yield csrSwap('satp', 0);
  yield store((TABLES[0] as number) + 4 * page, entry);
  yield csrWrite('satp', satp);
}
