/**
 * What is done to the pages of a region that is drained, by their numbers in it. When a procedure returns, no TLB holds
 * what the page table does not.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { MAP } from '../abi/flags.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { deref } from '../objects/translation-table.ts';
import { fcmOf, hasOthers } from './fcm-kinds.ts';
import { Hat } from './hat.ts';
import type { PageRange } from './page-range.ts';
import { REGION } from './region-layout.ts';
import { unmapPages } from './region-unmap.ts';

/** Unmaps pages. Private ones are given back; others are written back, where there is a place; gives 0 or EIO. */
export function* removePages(local: number, region: number, range: PageRange): Code<number> {
  yield* unmapPages(region, range);
  const own = yield* inFcm(region, range);
  const call = yield* beginCall(yield load(region + REGION.fcm));
  const fcm = yield* fcmOf(call);
  // Where no other region has the pages, they are written once, and go.
  const shared = ((yield load(region + REGION.flags)) & MAP.SHARED) !== 0 && (yield* hasOthers(call));
  const result = yield* shared ? fcm.savePages(own) : fcm.discardPages(local, own);
  yield* endCall(call);
  return result;
}

// DOC: protect-pages
/** Takes rights away that the pages have no more; rights that they get are entered by the next fault. */
export function* protectPages(region: number, range: PageRange, rights: number): Code {
  if ((rights & (MAP.READ | MAP.WRITE)) === 0) {
    yield* unmapPages(region, range);
    return;
  }
  if ((rights & MAP.WRITE) !== 0) return;
  const base = (yield load(region + REGION.base)) + (range.first << PAGE_SHIFT);
  const hat = new Hat(yield* deref(yield load(region + REGION.hat)));
  if (yield* hat.protect(base, range.pages)) yield* hat.shootdown(base, range.pages);
}

/** Makes pages of private memory what they were when they were mapped; gives 0, ENOMEM or EIO. */
export function* dropPages(local: number, region: number, range: PageRange): Code<number> {
  yield* unmapPages(region, range);
  const call = yield* beginCall(yield load(region + REGION.fcm));
  const result = yield* (yield* fcmOf(call)).dropPages(local, yield* inFcm(region, range));
  yield* endCall(call);
  return result;
}

/** The same pages by their numbers in the FCM. */
export function* inFcm(region: number, { first, pages }: PageRange): Code<PageRange> {
  return { first: first + (yield load(region + REGION.offset)), pages };
}
