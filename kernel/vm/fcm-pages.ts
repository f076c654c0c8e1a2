/**
 * The pages of one part of an FCM, for whoever goes through them while they may leave memory.
 *
 * *Locking:* the part's lock, for each look. A page that is given is pinned, or out of the tree, so it stays what it is.
 */
import { type Code, fetchAndAdd, load, step, store } from '../../hw/isa/index.ts';
import { awaitChange } from '../locks/mailbox.ts';
import { acquire, release } from '../locks/mcs.ts';
import { free } from '../memory/heap.ts';
import { STEP } from '../steps.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, WAIT } from '../threads/thread.ts';
import { releaseFrame } from './dsm.ts';
import { FCM } from './fcm-layout.ts';
import { forgetFrame } from './frame-table.ts';
import { PAGE, PAGE_STATE } from './page-descriptor.ts';
import type { PageRange } from './page-range.ts';
import { treeOf } from './part-tree.ts';
import { freeSlot } from './swap.ts';

/** Waits until a busy or leaving page is something else, and gives the lock back. */
export function* lockedAwaitPage(part: number, page: number): Code {
  const thread = yield* currentThread();
  const index = yield load(page + PAGE.index);
  yield* lockedPrepareWait(thread, page + PAGE.waiters, WAIT.page, index);
  yield* release(part + FCM.lock);
  yield* step(STEP.pageWait, page, wait(thread, 0));
}

/** The first page whose place is at least `key`, if it is of a range; else 0. One that is leaving is waited for. */
function* lockedFirst(part: number, key: number, range: PageRange): Code<number> {
  for (;;) {
    const page = yield* (yield* treeOf(part)).lockedNext(key);
    if (page === 0 || (yield load(page + PAGE.index)) >= range.first + range.pages) return 0;
    if ((yield load(page + PAGE.state)) !== PAGE_STATE.leaving) return page;
    yield* lockedAwaitPage(part, page);
    yield* acquire(part + FCM.lock);
  }
}

/** The place of a page in its part. */
function* placeOf(part: number, page: number): Code<number> {
  return ((yield load(page + PAGE.index)) / (yield load(part + FCM.parts))) | 0;
}

// DOC: place-after
/** The place after that of a page, in the tree or out of it: where a walk goes on. */
export function* placeAfter(part: number, page: number): Code<number> {
  return (yield* placeOf(part, page)) + 1;
}

// DOC: pin-from
/** Pins the first resident page of a range whose place is at least `first`; gives 0 if there is none. */
export function* pinFrom(part: number, first: number, range: PageRange): Code<number> {
  for (let key = first; ; ) {
    yield* acquire(part + FCM.lock);
    const page = yield* lockedFirst(part, key, range);
    const isResident = page !== 0 && (yield load(page + PAGE.state)) === PAGE_STATE.valid;
    if (isResident) yield fetchAndAdd(page + PAGE.pins, 1);
    yield* release(part + FCM.lock);
    if (page === 0 || isResident) return page;
    key = yield* placeAfter(part, page);
  }
}

/** Takes the first page of a range whose place is at least `key` out of the tree, resident or not; gives 0 if there is none. */
export function* takeFrom(local: number, part: number, key: number, range: PageRange): Code<number> {
  yield* acquire(part + FCM.lock);
  const page = yield* lockedFirst(part, key, range);
  if (page !== 0) yield* lockedTakeOutPage(part, page);
  yield* release(part + FCM.lock);
  if (page !== 0) yield* awaitUnpinned(local, page);
  return page;
}

/** Takes a page's descriptor out of the tree of its part. */
export function* lockedTakeOutPage(part: number, page: number): Code {
  const key = yield* placeOf(part, page);
  yield store(page + PAGE.state, PAGE_STATE.busy);
  yield store(yield* (yield* treeOf(part)).lockedSlot(key), 0);
}

/** Only the clock can have it pinned still, while it looks at it; it does not sleep meanwhile. */
export function* awaitUnpinned(local: number, page: number): Code {
  for (let pins = yield load(page + PAGE.pins); pins !== 0; pins = yield load(page + PAGE.pins))
    yield* awaitChange(local, page + PAGE.pins, pins);
}

/** Gives back what a page has that is in no tree: frame, slot of swap, descriptor. */
export function* forgetPage(local: number, page: number): Code {
  const frame = yield load(page + PAGE.frame);
  if (frame !== 0) {
    yield* forgetFrame(local, frame);
    yield* releaseFrame(local, frame);
  }
  const slot = yield load(page + PAGE.slot);
  if (slot !== 0) yield* freeSlot(slot);
  yield* free(page);
}
