/**
 * A look into a page table by software, for copies that may neither block nor take a lock.
 *
 * It begins with this hart in the set of those that a shootdown must reach. So an entry that is found valid then stays
 * what it is, and its frame in place, until this hart answers a shootdown; and it answers none as long as it does not
 * wait for anything. The caller copies at once. (Linux's get_user_pages_fast rests on the same.)
 *
 * *Locking:* none, interrupts masked. A process whose pages are looked up must not be able to end meanwhile.
 */
import { type Code, fence, load } from '../../hw/isa/index.ts';
import { LIMIT } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';
import { HartSet } from '../memory/hart-set.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { HAT } from './hat-layout.ts';
import { frameOf, PTE, slot0, slot1 } from './page-table.ts';
import type { Access } from './process.ts';

const READABLE = PTE.V | PTE.U | PTE.R;
/** To be written past the MMU, a page must be known to be dirty already. */
const WRITABLE = READABLE | PTE.W | PTE.D;

// DOC: walk
/** Where a user address is mapped to, or 0 if it is not for such an access, or not yet. */
export function* walk(local: number, hatRef: ObjRef, address: number, access: Access): Code<number> {
  if (address < LIMIT.USER_BASE || address >= LIMIT.USER_END) return 0;
  const hat = yield* deref(hatRef);
  yield* new HartSet(hat + HAT.harts).add(yield load(local + HART.hart));
  yield fence();
  const table = yield load(slot1(yield load(hat + HAT.roots), address));
  if ((table & PTE.V) === 0) return 0;
  const entry = yield load(slot0(frameOf(table), address));
  const wanted = access === 'store' ? WRITABLE : READABLE;
  return (entry & wanted) === wanted ? frameOf(entry) + (address & (PAGE_SIZE - 1)) : 0;
}
