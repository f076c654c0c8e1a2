/**
 * Taking pages of a region out of the page table.
 *
 * *Locking:* the region must be drained, so that nobody maps a page of it meanwhile.
 */
import { type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { deref } from '../objects/translation-table.ts';
import { fcmOf } from './fcm-kinds.ts';
import { Hat } from './hat.ts';
import { PAGE } from './page-descriptor.ts';
import type { PageRange } from './page-range.ts';
import { PTE } from './page-table.ts';
import { REGION } from './region-layout.ts';

// DOC: region-unmap-pages
/** Takes pages of a region, by their numbers in it, out of the page table and, before it returns, out of every TLB. */
export function* unmapPages(region: number, { first, pages }: PageRange): Code {
  const base = yield load(region + REGION.base);
  const offset = yield load(region + REGION.offset);
  const range = { first: offset + first, pages };
  const hat = new Hat(yield* deref(yield load(region + REGION.hat)));
  let mapped = 0;
  // Those of the FCM itself, then those of its ancestors: of the same number only the nearest can be mapped.
  for (let ref = yield load(region + REGION.fcm); ref !== 0; ) {
    const call = yield* beginCall(ref);
    const fcm = yield* fcmOf(call);
    for (let page = yield* fcm.firstPage(range); page !== 0; page = yield* fcm.pageAfter(page, range)) {
      const index = yield load(page + PAGE.index);
      const entry = yield* hat.unmapFrame(
        base + ((index - offset) << PAGE_SHIFT),
        yield load(page + PAGE.frame),
      );
      if (entry === 0) continue;
      mapped += 1;
      yield fetchAndAdd(page + PAGE.mappings, -1);
      if ((entry & PTE.D) !== 0) yield store(page + PAGE.dirty, 1);
    }
    ref = yield* fcm.parent();
    yield* endCall(call);
  }
  if (mapped > 0) yield* hat.shootdown(base + (first << PAGE_SHIFT), pages);
}
