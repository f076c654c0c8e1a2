/** Words of user memory, by virtual address, as a host sees them. */
import type { Machine } from '../../hw/machine.ts';
import { PAGE_SIZE } from '../layout.ts';
import { PROCESS } from '../processes/process.ts';
import { pagesOf } from './pages.ts';
import { Reader } from './reader.ts';

/** Where a user address of a process lies in physical memory; undefined while its page is not resident. */
export function physicalAddress(machine: Machine, process: number, address: number): number | undefined {
  const reader = new Reader(machine);
  const found = reader.processes().find((rep) => reader.word(rep + PROCESS.number) === process);
  if (found === undefined) return undefined;
  const base = address & -PAGE_SIZE;
  const page = pagesOf(reader, found).find(({ user, frame }) => user === base && frame !== 0);
  return page && page.frame + (address & (PAGE_SIZE - 1));
}
