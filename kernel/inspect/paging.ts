/** What page-out and placement have done on all harts together, by the names of PAGING. */
import type { Machine } from '../../hw/machine.ts';
import { HART } from '../hart-local.ts';
import { PAGING } from '../vm/paging-layout.ts';
import { Reader } from './reader.ts';

export type PagingCount = Exclude<keyof typeof PAGING, 'SIZE'>;

/** The counts of a machine on which the kernel runs, or has run. */
export function inspectPaging(machine: Machine): Readonly<Record<PagingCount, number>> {
  const reader = new Reader(machine);
  const sum = (offset: number): number =>
    reader
      .locals()
      .map((local) => reader.word(local + HART.paging + offset))
      .reduce((total, count) => total + count, 0);
  const names = Object.keys(PAGING).filter((name) => name !== 'SIZE') as PagingCount[];
  return Object.fromEntries(names.map((name) => [name, sum(PAGING[name])])) as Record<PagingCount, number>;
}
