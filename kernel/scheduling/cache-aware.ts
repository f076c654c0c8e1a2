/**
 * Cache-aware co-scheduling: a hart takes the thread with which the footprints of all that run on its node stay within
 * the last-level cache, which they share (Fedorova, Seltzer, Small & Nussbaum, USENIX 2005; CS6210 notes, *Cache Aware
 * Scheduling*). Of those that fit the first one; if none fits, the most frugal one. Who has waited for PATIENCE slices
 * fits always. `--set kernel.scheduler.cache=` says how many bytes there are to share.
 *
 * A footprint is estimated: the lines that the hart's own caches did not hold while the thread was on it, by the hardware
 * counter, the mean of this turn and the estimate before. So a thread that has had no turn yet counts as frugal; one that
 * comes back to the same lines counts them again, up to the whole cache; the kernel's own misses count with the thread's;
 * and if the hart was handed over (LRPC, messages), all falls to the last one. That threads may use another node's cache,
 * where their memory is, is not looked at.
 *
 * *Locking:* THREAD.footprint: the hart that the thread is on. NODE_BLOCK.footprints by fetch-and-add. It is read without
 * a lock: two harts that choose at once may both find room for one.
 */
import { type Code, csrRead, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';
import { THREAD } from '../threads/thread.ts';
import { overdue } from './patience.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

/** Slices after which a thread that waits goes first. */
const PATIENCE = 8;

// DOC: cache-aware-rank
function* rank(target: number, thread: number): Code<number> {
  const waited = yield* overdue(target, thread, PATIENCE);
  if (waited !== 0) return waited;
  const node = yield load(target + HART.nodeBlock);
  const taken = yield load(node + NODE_BLOCK.footprints);
  const room = (yield load(node + NODE_BLOCK.sharedCache)) - taken;
  return Math.min(0, room - (yield load(thread + THREAD.footprint)));
}

/** The thread's footprint is taken from now on. */
function* runs(local: number, thread: number): Code {
  const footprint = yield load(thread + THREAD.footprint);
  yield store(local + HART.footprint, footprint);
  yield fetchAndAdd((yield load(local + HART.nodeBlock)) + NODE_BLOCK.footprints, footprint);
  yield store(local + HART.missesBefore, yield csrRead('hpmcounter3'));
}

// DOC: estimate-footprint
/** It is free again, and the estimate for the next time is made. */
function* leaves(local: number, thread: number): Code {
  const misses = ((yield csrRead('hpmcounter3')) - (yield load(local + HART.missesBefore))) >>> 0;
  const node = yield load(local + HART.nodeBlock);
  yield fetchAndAdd(node + NODE_BLOCK.footprints, -(yield load(local + HART.footprint)));
  const fetched = misses * (yield load(local + HART.line));
  const seen = Math.min(fetched, yield load(node + NODE_BLOCK.sharedCache));
  const isFirst = (yield load(thread + THREAD.runs)) <= 1;
  const before = yield load(thread + THREAD.footprint);
  yield store(thread + THREAD.footprint, isFirst ? seen : (before + seen) >>> 1);
}

export const cacheAware: Policy = Object.freeze(
  queued({
    name: 'cache-aware',
    summary:
      'The thread with which the footprints of those that run on the node fit the last-level cache; hungry ones beside frugal ones.',
    degree: 'node',
    steals: true,
    rank,
    runs,
    leaves,
  }),
);
