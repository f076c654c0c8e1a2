/**
 * Takes pages out of the page table and leaves them in their FCM, while others may fault on them: so a page fault can be
 * had that finds its page in memory.
 *
 * A page-table entry is taken away by one exchange, so whoever gets it accounts for it. That is done after the shootdown:
 * as long as a TLB may hold the page, its descriptor says that it is mapped.
 *
 * *Locking:* the region must have been entered.
 */
import { type Code, fetchAndAdd, load, panic, store } from '../../hw/isa/index.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { deref } from '../objects/translation-table.ts';
import { PANIC } from '../panics.ts';
import type { Fcm } from './fcm.ts';
import { fcmOf } from './fcm-kinds.ts';
import { Hat } from './hat.ts';
import { PAGE } from './page-descriptor.ts';
import { frameOf, PTE } from './page-table.ts';
import { REGION } from './region-layout.ts';

/** Pages that one shootdown covers: a bit in a register says of each whether it was mapped. */
const BATCH = 32;

/** Unmaps so many pages from an address on; gives false, and does nothing, if the region does not have them all. */
export function* unmapResident(region: number, address: number, pages: number): Code<boolean> {
  const first = (address - (yield load(region + REGION.base))) >>> PAGE_SHIFT;
  if (first + pages > (yield load(region + REGION.pages))) return false;
  const hat = new Hat(yield* deref(yield load(region + REGION.hat)));
  const call = yield* beginCall(yield load(region + REGION.fcm));
  const fcm = yield* fcmOf(call);
  // A page of an ancestor is known by its frame, which is asked for one at a time.
  const most = (yield* fcm.parent()) === 0 ? BATCH : 1;
  for (let done = 0; done < pages; done += most)
    yield* unmapBatch(fcm, hat, {
      index: first + (yield load(region + REGION.offset)) + done,
      page: address + (done << PAGE_SHIFT),
      count: Math.min(most, pages - done),
    });
  yield* endCall(call);
  return true;
}

interface Batch {
  /** The first page's number, its address, and how many there are. */
  readonly index: number;
  readonly page: number;
  readonly count: number;
}

// DOC: unmap-batch
function* unmapBatch(fcm: Fcm, hat: Hat, { index, page, count }: Batch): Code {
  let taken = 0;
  let frame = 0;
  for (let at = 0; at < count; at += 1) {
    const entry = yield* hat.unmap(page + (at << PAGE_SHIFT));
    if (entry === 0) continue;
    taken |= 1 << at;
    frame = frameOf(entry);
    if ((entry & PTE.D) !== 0) yield store((yield* mapped(fcm, index + at, frame)) + PAGE.dirty, 1);
  }
  if (taken === 0) return;
  yield* hat.shootdown(page, count);
  for (let at = 0; at < count; at += 1)
    if ((taken & (1 << at)) !== 0)
      yield fetchAndAdd((yield* mapped(fcm, index + at, frame)) + PAGE.mappings, -1);
}

/** The descriptor of a page that is mapped, or was just now, and says so. */
function* mapped(fcm: Fcm, index: number, frame: number): Code<number> {
  const page = yield* fcm.holderOf(index, frame);
  if (page === 0) yield panic(PANIC.unknownMapping);
  return page;
}
