/**
 * Claims on the links of an address space. Whoever changes regions that exist first claims their links, all or none:
 * from then on nobody else changes them, and a fault that finds one waits until the change is done.
 *
 * Nobody waits for a claim while it has one, or while it is in a region; so whoever has claimed gets on.
 *
 * *Locking:* states and claimers of links are changed with the `regionLock` held as a writer. Who waits looks at the
 * state under the lock of `changes`, and whoever gives claims up takes that lock afterwards: no wake-up is lost.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT } from '../abi/flags.ts';
import { acquire, release } from '../locks/mcs.ts';
import { acquireRead, acquireWrite, releaseRead, releaseWrite } from '../locks/reader-writer.ts';
import { PROCESS } from '../processes/process.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { GATE } from './gate.ts';
import { LINK, LINK_KIND, LINK_STATE, RegionList } from './region-list.ts';

/** Addresses, and what is wanted of the links that cover them. */
export interface ClaimRequest {
  readonly base: number;
  readonly end: number;
  /** Of what kind they must be. */
  readonly kind: number;
  /** Whether every address must be covered; else one of them at least. */
  readonly whole: boolean;
}

/** What a look at a range finds, beside an error: that somebody else is changing it. */
const CHANGING = 1;

// DOC: claim-links
/** Claims the live links that cover a range; gives 0, EINVAL if one is of another kind, or EFAULT if the range is not covered. */
export function* claim(record: number, request: ClaimRequest): Code<number> {
  const me = yield* currentThread();
  for (;;) {
    yield* acquireWrite(record + PROCESS.regionLock);
    const found = yield* lockedLook(record, request);
    if (found === 0) yield* lockedClaim(record, request, me);
    yield* releaseWrite(record + PROCESS.regionLock);
    if (found !== CHANGING) return found;
    yield* awaitChange(record, request.base, request.end);
  }
}

/** Whether a range can be claimed: 0, CHANGING, or an error. */
function* lockedLook(record: number, request: ClaimRequest): Code<number> {
  let covered = request.base;
  let any = false;
  for (
    let link = yield* new RegionList(record + PROCESS.regions).lockedFrom(request.base);
    link !== 0 && (yield load(link + LINK.base)) < request.end;
    link = yield load(link + LINK.next)
  ) {
    const state = yield load(link + LINK.state);
    if (state === LINK_STATE.changing) return CHANGING;
    if (state !== LINK_STATE.live) continue;
    if ((yield load(link + LINK.kind)) !== request.kind) return ERROR.EINVAL;
    if ((yield load(link + LINK.base)) <= covered) covered = yield load(link + LINK.end);
    any = true;
  }
  return any && (!request.whole || covered >= request.end) ? 0 : ERROR.EFAULT;
}

function* lockedClaim(record: number, { base, end }: ClaimRequest, me: number): Code {
  for (
    let link = yield* new RegionList(record + PROCESS.regions).lockedFrom(base);
    link !== 0 && (yield load(link + LINK.base)) < end;
    link = yield load(link + LINK.next)
  )
    if ((yield load(link + LINK.state)) === LINK_STATE.live) yield* lockedTake(link, me);
}

// DOC: claim-own
/** Claims every live link, but for memory that the kernel shares between processes. */
export function* claimOwn(record: number): Code {
  const me = yield* currentThread();
  for (;;) {
    yield* acquireWrite(record + PROCESS.regionLock);
    const found = yield* lockedTakeOwn(record, me);
    yield* releaseWrite(record + PROCESS.regionLock);
    if (found !== CHANGING) return;
    yield* awaitChange(record, 0, LIMIT.USER_END);
  }
}

/** Claims them unless one of them is being changed: then CHANGING. */
function* lockedTakeOwn(record: number, me: number): Code<number> {
  const head = record + PROCESS.regions;
  for (let link = yield load(head); link !== 0; link = yield load(link + LINK.next))
    if ((yield load(link + LINK.state)) === LINK_STATE.changing) return CHANGING;
  for (let link = yield load(head); link !== 0; link = yield load(link + LINK.next)) {
    const kind = yield load(link + LINK.kind);
    if (kind !== LINK_KIND.shared && (yield load(link + LINK.state)) === LINK_STATE.live)
      yield* lockedTake(link, me);
  }
  return 0;
}

/** Claims one link that is live. */
function* lockedTake(link: number, thread: number): Code {
  yield store(link + LINK.state, LINK_STATE.changing);
  yield store(link + LINK.claimer, thread);
}

/** The first link of this thread's that ends above an address, or 0. It stays until the thread gives it up. */
export function* nextClaimed(record: number, address: number): Code<number> {
  const me = yield* currentThread();
  yield* acquireRead(record + PROCESS.regionLock);
  let link = yield* new RegionList(record + PROCESS.regions).lockedFrom(address);
  while (link !== 0 && (yield load(link + LINK.claimer)) !== me) link = yield load(link + LINK.next);
  yield* releaseRead(record + PROCESS.regionLock);
  return link;
}

/** Gives up what this thread has claimed: the links are as before. */
export function* unclaim(record: number): Code {
  for (let link = yield* nextClaimed(record, 0); link !== 0; link = yield* nextClaimed(record, 0)) {
    yield* acquireWrite(record + PROCESS.regionLock);
    yield* lockedGiveUp(link);
    yield* releaseWrite(record + PROCESS.regionLock);
  }
  yield* announceChange(record);
}

/** Makes a link live again. */
export function* lockedGiveUp(link: number): Code {
  yield store(link + LINK.state, LINK_STATE.live);
  yield store(link + LINK.claimer, 0);
}

// DOC: await-change
/** Waits until something has been changed, if a link of a range is being changed just now. */
export function* awaitChange(record: number, base: number, end: number): Code {
  const gate = record + PROCESS.changes;
  yield* acquire(gate + GATE.lock);
  if (!(yield* isChanging(record, base, end))) {
    yield* release(gate + GATE.lock);
    return;
  }
  const thread = yield* currentThread();
  yield* lockedPrepareWait(thread, gate + GATE.waiters, WAIT.gate, gate);
  yield* release(gate + GATE.lock);
  yield* wait(thread, 0);
}

function* isChanging(record: number, base: number, end: number): Code<boolean> {
  yield* acquireRead(record + PROCESS.regionLock);
  let link = yield* new RegionList(record + PROCESS.regions).lockedFrom(base);
  while (link !== 0 && (yield load(link + LINK.state)) !== LINK_STATE.changing)
    link = (yield load(link + LINK.base)) < end ? yield load(link + LINK.next) : 0;
  const found = link !== 0 && (yield load(link + LINK.base)) < end;
  yield* releaseRead(record + PROCESS.regionLock);
  return found;
}

/** Wakes those who wait for a change. */
export function* announceChange(record: number): Code {
  const gate = record + PROCESS.changes;
  yield* acquire(gate + GATE.lock);
  yield* lockedWakeAll(new WaitQueue(gate + GATE.waiters), 0);
  yield* release(gate + GATE.lock);
}
