/**
 * What is done to the pages of a range of addresses while others may use them: writing back, and bringing in.
 *
 * *Locking:* each region of the range is entered while it is dealt with.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { MAP } from '../abi/flags.ts';
import { localBase } from '../hart-local.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../layout.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { fcmOf } from './fcm-kinds.ts';
import type { Hat } from './hat.ts';
import { visitMappings } from './mappers.ts';
import { PAGE, unpinPage } from './page-descriptor.ts';
import type { PageRange } from './page-range.ts';
import { PTE } from './page-table.ts';
import type { Process } from './process.ts';
import { Region } from './region.ts';
import { REGION } from './region-layout.ts';
import { inFcm } from './region-pages.ts';

/** What is done to pages of a region, by their numbers in it; gives 0 or an error. */
type Act = (region: number, range: PageRange) => Code<number>;

/** Writes the pages of a range that have been stored to, by whomever, back to the disk; gives 0, EFAULT or EIO. */
export function* syncRange(process: Process, base: number, end: number): Code<number> {
  return yield* eachRegion(process, base, end, syncPages);
}

/** Brings the pages of a range into memory; gives 0, EFAULT, ENOMEM or EIO. */
export function* prefetchRange(process: Process, base: number, end: number): Code<number> {
  return yield* eachRegion(process, base, end, prefetchPages);
}

/** Does something with each region of a range until that gives an error; EFAULT at an address that is not mapped. */
function* eachRegion(process: Process, base: number, end: number, act: Act): Code<number> {
  let result = 0;
  for (let at = base; at < end && result === 0; ) {
    const entered = yield* process.lookup(at);
    if (entered.error !== 0) return entered.error;
    const region = entered.call.rep;
    const first = (at - (yield load(region + REGION.base))) >>> PAGE_SHIFT;
    const pages = Math.min((end - at) >>> PAGE_SHIFT, (yield load(region + REGION.pages)) - first);
    result = yield* act(region, { first, pages });
    yield* process.leaveRegion(entered);
    at += pages * PAGE_SIZE;
  }
  return result;
}

// DOC: sync-pages
/** Private memory has no place to be written to. Of shared memory the D bits of all processes are collected first. */
function* syncPages(region: number, range: PageRange): Code<number> {
  if (((yield load(region + REGION.flags)) & MAP.SHARED) === 0) return 0;
  const local = yield* localBase();
  const own = yield* inFcm(region, range);
  const inside = yield* beginCall(yield load(region + REGION.fcm));
  const fcm = yield* fcmOf(inside);
  for (let page = yield* fcm.firstPage(own); page !== 0; page = yield* fcm.pageAfter(page, own))
    yield* visitMappings(local, yield* fcm.primary(), page, collectDirty);
  const result = yield* fcm.savePages(own);
  yield* endCall(inside);
  return result;
}

// DOC: collect-dirty
/** A TLB that holds the page as dirty would not set the D bit again at the next store: so it has to go from there, too. */
function* collectDirty(hat: Hat, address: number, page: number): Code<number> {
  const entry = yield* hat.takeDirty(address, yield load(page + PAGE.frame));
  if ((entry & PTE.D) === 0) return 0;
  yield* hat.shootdown(address, 1);
  yield store(page + PAGE.dirty, 1);
  return entry;
}

function* prefetchPages(region: number, { first, pages }: PageRange): Code<number> {
  const view = new Region(region);
  if (!(yield* view.allows('load'))) return ERROR.EFAULT;
  const base = (yield load(region + REGION.base)) + (first << PAGE_SHIFT);
  for (let at = 0; at < pages; at += 1) {
    const page = yield* view.getPage(yield* localBase(), base + (at << PAGE_SHIFT), 'load');
    if (page < 0) return page;
    yield* unpinPage(page);
  }
  return 0;
}
