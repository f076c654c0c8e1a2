/**
 * Page-out: one page leaves memory, in five steps.
 *
 *   1. looked for   from the frame to its FCM, and there, under the lock, to a page that nobody needs just now
 *   2. aged         whether anybody has used it since the clock hand was here: the A bits of all page tables that have it
 *   3. leaving      from now on whoever faults on it waits
 *   4. unmapped     out of every page table and, before anything else happens, out of every TLB: afterwards nobody can
 *                   store to it any more, so what the D bits say then is the last word
 *   5. put away     written where it can be found again, if it was written to; then its frame is free
 *
 * If it cannot be put away, or somebody still has it mapped, it stays, and those who wait find it as it was.
 *
 * *Locking:* the FCM's lock, in steps 1, 3 and at the end; none while regions are visited or the disk writes.
 */
import { type Code, fetchAndAdd, load, step, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { free } from '../memory/heap.ts';
import { Root } from '../objects/root.ts';
import { STEP } from '../steps.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { isHomeless, putAway } from './backing.ts';
import { FCM } from './fcm-layout.ts';
import { forgetFrame, FRAME, frameEntry } from './frame-table.ts';
import type { Hat } from './hat.ts';
import { MISSED, primaryIfLive, visitMappings } from './mappers.ts';
import { PAGE, PAGE_STATE, unpinPage } from './page-descriptor.ts';
import { PTE } from './page-table.ts';
import { treeOf } from './part-tree.ts';

/** What became of a frame. */
export const OUTCOME = Object.freeze({
  /** There is no page in it, or one that cannot leave. */
  none: 0,
  /** Its page is in use just now. */
  inUse: 1,
  /** It is free, and the caller's. */
  free: 2,
});

/** A page, as it was found. */
interface Found {
  readonly primary: number;
  /** The part of the FCM that it is in, and its place there. */
  readonly part: number;
  readonly key: number;
  readonly page: number;
}

/** Has the page in a frame leave memory, unless it is in use; gives an OUTCOME. May block, for the disk only. */
export function* pageOut(local: number, frame: number): Code<number> {
  const entry = yield* frameEntry(local, frame);
  const ref = yield load(entry + FRAME.fcm);
  if (ref === 0) return OUTCOME.none;
  const primary = yield* primaryIfLive(local, ref);
  if (primary === 0) return OUTCOME.inUse;
  if (!isFcm(yield load(primary))) return OUTCOME.none;
  const index = yield load(entry + FRAME.index);
  const parts = yield load(primary + FCM.parts);
  const root = new Root(yield load(primary + FCM.root));
  const part = parts === 1 ? primary : yield* root.repAt(local, index % parts);
  if (part === 0) return OUTCOME.none;
  const key = (index / parts) | 0;
  const page = yield* pinIfIdle(part, key, frame);
  if (page < SMALLEST_ADDRESS) return page;
  const found = { primary, part, key, page };
  const aged = yield* age(local, found);
  if (aged !== OUTCOME.free) {
    yield* unpinPage(page);
    return aged;
  }
  if (!(yield* beginLeaving(found))) return OUTCOME.inUse;
  return yield* step(STEP.pageOut, page, leave(local, found));
}

const isFcm = (classWord: number): boolean =>
  classWord === CLASS.fcmAnonymous || classWord === CLASS.fcmDisk || classWord === CLASS.fcmCopy;

/** No descriptor lies so low: what is less is an OUTCOME. */
const SMALLEST_ADDRESS = 16;

// DOC: pin-if-idle
/** Pins the page at a place of a part, if it is the one in the frame and nobody else has it pinned; else an OUTCOME. */
function* pinIfIdle(part: number, key: number, frame: number): Code<number> {
  yield* acquire(part + FCM.lock);
  const slot = yield* (yield* treeOf(part)).lockedSlot(key);
  const page = slot === 0 ? 0 : yield load(slot);
  let result: number = page === 0 || (yield load(page + PAGE.frame)) !== frame ? OUTCOME.none : OUTCOME.inUse;
  if (result === OUTCOME.inUse && (yield* lockedIsIdle(page, 0))) {
    yield fetchAndAdd(page + PAGE.pins, 1);
    result = page;
  }
  yield* release(part + FCM.lock);
  return result;
}

function* lockedIsIdle(page: number, pins: number): Code<boolean> {
  return (yield load(page + PAGE.state)) === PAGE_STATE.valid && (yield load(page + PAGE.pins)) === pins;
}

// DOC: age-page
/** Whether a page may leave: one that has been used since the last time may stay once more. */
function* age(local: number, { primary, part, page }: Found): Code<number> {
  const bits = yield* visitMappings(local, primary, page, takeAccessed);
  if ((bits & MISSED) !== 0) return OUTCOME.inUse;
  const isDirty = (bits & PTE.D) !== 0 || (yield load(page + PAGE.dirty)) !== 0;
  if (isDirty && (yield* isHomeless(part, page))) return OUTCOME.none;
  const isFresh = (yield load(page + PAGE.fresh)) !== 0;
  if (isFresh) yield store(page + PAGE.fresh, 0);
  return isFresh || (bits & PTE.A) !== 0 ? OUTCOME.inUse : OUTCOME.free;
}

function* takeAccessed(hat: Hat, address: number, page: number): Code<number> {
  return yield* hat.takeAccessed(address, yield load(page + PAGE.frame));
}

/** Turns the pin into leaving, unless somebody has come for the page. */
function* beginLeaving({ part, page }: Found): Code<boolean> {
  yield* acquire(part + FCM.lock);
  const isIdle = yield* lockedIsIdle(page, 1);
  if (isIdle) yield store(page + PAGE.state, PAGE_STATE.leaving);
  yield fetchAndAdd(page + PAGE.pins, -1);
  yield* release(part + FCM.lock);
  return isIdle;
}

// DOC: page-leave
function* leave(local: number, found: Found): Code<number> {
  const { primary, part, key, page } = found;
  const frame = yield load(page + PAGE.frame);
  const bits = yield* visitMappings(local, primary, page, unmapPage);
  const isFree = (bits & MISSED) === 0 && (yield load(page + PAGE.mappings)) === 0;
  const isGone = isFree && (yield* putAway(part, page)) === 0;
  if (isGone) yield* forgetFrame(local, frame);
  yield* acquire(part + FCM.lock);
  const isForgotten = isGone && (yield load(page + PAGE.slot)) === 0;
  if (isGone) yield store(page + PAGE.frame, 0);
  yield store(page + PAGE.state, isGone ? PAGE_STATE.out : PAGE_STATE.valid);
  if (isForgotten) yield store(yield* (yield* treeOf(part)).lockedSlot(key), 0);
  yield* lockedWakeAll(new WaitQueue(page + PAGE.waiters), 0);
  yield* release(part + FCM.lock);
  if (isForgotten) yield* free(page);
  return isGone ? OUTCOME.free : OUTCOME.none;
}

// DOC: unmap-page
/** As long as a TLB may hold the page, its descriptor says that it is mapped. */
function* unmapPage(hat: Hat, address: number, page: number): Code<number> {
  const entry = yield* hat.unmapFrame(address, yield load(page + PAGE.frame));
  if (entry === 0) return 0;
  yield* hat.shootdown(address, 1);
  if ((entry & PTE.D) !== 0) yield store(page + PAGE.dirty, 1);
  yield fetchAndAdd(page + PAGE.mappings, -1);
  return entry;
}
