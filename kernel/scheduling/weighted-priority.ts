/**
 * Weighted priority: base + age + affinity, each with a weight (`--set kernel.scheduler.base=`, `.age=`, `.affinity=`).
 *
 * One point is: a step of priority; a slice for which the thread has waited; one thread fewer, of KEPT, that has had the
 * hart since this thread was on it last. With an age weight of 0, a thread can wait for ever.
 */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';
import { THREAD } from '../threads/thread.ts';
import { interveningSince } from './accounts.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

/** After so many others nothing of a thread is left in a cache. */
const KEPT = 8;
/** Parts of a point. */
const FRACTION = 16;

// DOC: weighted-rank
function* rank(target: number, thread: number): Code<number> {
  const node = yield load(target + HART.nodeBlock);
  const base = yield load(thread + THREAD.priority);
  const waited = ((yield csrRead('time')) - (yield load(thread + THREAD.readySince))) >>> 0;
  const age = Math.floor((FRACTION * waited) / (yield load(target + HART.slice)));
  const isHere = (yield load(thread + THREAD.local)) === target;
  const others = yield* interveningSince(target, isHere ? yield load(thread + THREAD.turn) : 0);
  const affinity = Math.max(0, KEPT - others);
  return (
    FRACTION * base * (yield load(node + NODE_BLOCK.weightBase)) +
    age * (yield load(node + NODE_BLOCK.weightAge)) +
    FRACTION * affinity * (yield load(node + NODE_BLOCK.weightAffinity))
  );
}

export const weightedPriority: Policy = Object.freeze(
  queued({
    name: 'weighted-priority',
    summary:
      'The thread with the highest sum of base priority, age and affinity runs; the weights are options.',
    degree: 'shared',
    steals: true,
    preempts: true,
    hasClasses: true,
    rank,
  }),
);
