/** TLBs: every entry of a process's address space agrees with its page table; no entry is of a dead one. */
import { HAT } from '../vm/hat-layout.ts';
import { frameOf, PTE } from '../vm/page-table.ts';
import { type Findings, hex } from './findings.ts';
import { hatOf, mappingsOf } from './pages.ts';
import type { Reader } from './reader.ts';

/** Rights that a TLB entry must not give unless the page table does. It may give fewer: the hardware looks again then. */
const RIGHTS = PTE.V | PTE.R | PTE.W | PTE.X | PTE.U;

export function checkTlb(reader: Reader): Findings {
  const spaces = new Map<number, Map<number, number>>();
  for (const process of reader.processes()) {
    const hat = hatOf(reader, process);
    if (hat === 0) continue;
    spaces.set(
      reader.word(hat + HAT.asid),
      new Map(mappingsOf(reader, process).map(({ user, entry }) => [user >>> 12, entry])),
    );
  }
  const problems: string[] = [];
  let count = 0;
  for (let hart = 0; hart < reader.harts; hart += 1) {
    for (const entry of reader.machine.tlbEntries(hart)) {
      // Space 0 is the kernel's identity map, which never changes.
      if (entry.asid === 0) continue;
      count += 1;
      const where = `hart ${hart} holds ${hex(entry.page << 12)} of space ${entry.asid}`;
      const truth = spaces.get(entry.asid)?.get(entry.page);
      if (truth === undefined) problems.push(`${where}, which is not mapped`);
      else if (frameOf(truth) !== frameOf(entry.pte)) problems.push(`${where} in another frame`);
      else if ((entry.pte & RIGHTS & ~truth) !== 0) problems.push(`${where} with other rights`);
    }
  }
  return { counted: `${count} entries agree with the page tables`, problems };
}
