/**
 * Migration: a page moves to the node of the hart that touches it (`migrate`: next touch). A page that is in memory, in no
 * page table, and on another node than the hart that faults on it is copied to a frame there, and the old frame is free.
 * So who wants pages to follow their users takes them out of the page tables (pageUnmap); who touches them next has them.
 *
 * *Locking:* the lock of the page's part, to make the page leaving, and to end that. Whoever faults on it meanwhile waits.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { PLACEMENT } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { copyFrame } from '../memory/frame.ts';
import { Root } from '../objects/root.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { allocateFrame, releaseFrame } from './dsm.ts';
import { FCM } from './fcm-layout.ts';
import { forgetFrame, FRAME, frameEntry, noteFrame } from './frame-table.ts';
import { MISSED, visitMappings } from './mappers.ts';
import { PAGE, PAGE_STATE } from './page-descriptor.ts';
import { countPaging } from './paging.ts';
import { PAGING } from './paging-layout.ts';
import { primaryOf } from './part-tree.ts';
import { placementOf } from './placement.ts';

/** A page that this thread alone has pinned is moved near, if it is far, and its FCM wants that. `fcm`: a representative. */
export function* moveNear(local: number, fcm: number, page: number): Code {
  const frame = yield load(page + PAGE.frame);
  const node = yield load(local + HART.node);
  if (((frame / (yield load(local + HART.memoryPerNode))) | 0) === node) return;
  if ((yield* placementOf(fcm)) !== PLACEMENT.MIGRATE) return;
  const part = yield* partOf(local, fcm, yield load(page + PAGE.index));
  if (!(yield* beginMove(part, page))) return;
  if (((yield* visitMappings(local, yield* primaryOf(fcm), page, nothing)) & MISSED) === 0)
    yield* move(local, page, node);
  yield* acquire(part + FCM.lock);
  yield store(page + PAGE.state, PAGE_STATE.valid);
  yield* lockedWakeAll(new WaitQueue(page + PAGE.waiters), 0);
  yield* release(part + FCM.lock);
}

// biome-ignore lint/correctness/useYield: a visit that only finds out whether every region can be entered
function* nothing(): Code<number> {
  return 0;
}

function* partOf(local: number, fcm: number, index: number): Code<number> {
  const parts = yield load(fcm + FCM.parts);
  if (parts === 1) return fcm;
  return yield* new Root(yield load(fcm + FCM.root)).repAt(local, index % parts);
}

/** Makes a page leaving, if nobody has it mapped, and nobody else has it pinned. */
function* beginMove(part: number, page: number): Code<boolean> {
  yield* acquire(part + FCM.lock);
  const alone = (yield load(page + PAGE.pins)) === 1 && (yield load(page + PAGE.mappings)) === 0;
  const isFree = alone && (yield load(page + PAGE.state)) === PAGE_STATE.valid;
  if (isFree) yield store(page + PAGE.state, PAGE_STATE.leaving);
  yield* release(part + FCM.lock);
  return isFree;
}

// DOC: page-move
/** Copies a page to a frame of a node, if that has one to spare. */
function* move(local: number, page: number, node: number): Code {
  const to = yield* allocateFrame(local, node, true, 1);
  if (to === 0) return;
  const from = yield load(page + PAGE.frame);
  yield* copyFrame(to, from);
  yield* noteFrame(
    local,
    to,
    yield load((yield* frameEntry(local, from)) + FRAME.fcm),
    yield load(page + PAGE.index),
  );
  yield* forgetFrame(local, from);
  yield store(page + PAGE.frame, to);
  yield* releaseFrame(local, from);
  yield* countPaging(PAGING.moved);
}
