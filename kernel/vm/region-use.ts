/**
 * Being inside a region: a count on a representative, which keeps the region, its FCM and its page table where they are.
 *
 * *Locking:* `inUse` is a counting lock; `lock` guards `drainers`.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { enterCounted, leaveCounted } from '../locks/counted.ts';
import { acquire, release } from '../locks/mcs.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { REGION } from './region-layout.ts';

// DOC: region-enter
/** Counts the caller into a representative; gives whether the region may still be entered. */
export function* enterRegion(rep: number): Code<boolean> {
  // A representative that was made after the stop has never been open.
  if ((yield load(rep + REGION.stopped)) !== 0) return false;
  return yield* enterCounted(rep + REGION.inUse);
}

/** Counts the caller out. */
export function* leaveRegion(rep: number): Code {
  if (!(yield* leaveCounted(rep + REGION.inUse))) return;
  yield* acquire(rep + REGION.lock);
  yield* lockedWakeAll(new WaitQueue(rep + REGION.drainers), 0);
  yield* release(rep + REGION.lock);
}
