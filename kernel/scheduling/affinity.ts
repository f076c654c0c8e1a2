/**
 * Affinity: on which harts a thread may run. One word of THREAD says so: all of them, one of them, those of a node, or
 * those of a set of bits in a block of the heap, which a thread gets when it first needs one and keeps.
 *
 * *Locking:* the lock under which the thread is listed guards changes. It is read without a lock: whoever changes it sees to it that the thread
 * comes by and looks (syscalls/scheduling.ts).
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { setWord } from './ledger.ts';
import { THREAD } from '../threads/thread.ts';

/** The affinity word: one of these, or what `oneHart` and `oneNode` give. */
export const AFFINITY = Object.freeze({ all: 0, set: 1 << 30 });

/** The affinity words for one hart, and for those of a node. */
export const oneHart = (hart: number): number => hart + 1;
export const oneNode = (node: number): number => -(node + 1);

/** Whether a thread's affinity has the hart whose base is `target`. */
export function* hasAffinity(target: number, thread: number): Code<boolean> {
  const affinity = yield load(thread + THREAD.affinity);
  if (affinity === AFFINITY.all) return true;
  if (affinity < 0) return affinity === oneNode(yield load(target + HART.node));
  const hart = yield load(target + HART.hart);
  if (affinity !== AFFINITY.set) return affinity === oneHart(hart);
  const bits = yield load(setWord(yield load(thread + THREAD.ledger), hart));
  return ((bits >>> (hart & 31)) & 1) === 1;
}

/**
 * Whether a thread of a run queue may go on on the hart whose base is `target`. Where it was last it always may: it goes
 * from there to where it has been directed. A worker for protected calls belongs to its hart, and so does every
 * thread if the policy is a `fixed` one.
 */
export function* mayRunOn(target: number, thread: number, fixed: boolean): Code<boolean> {
  if ((yield load(thread + THREAD.local)) === target) return true;
  if (fixed || (yield load(thread + THREAD.workerPort)) !== 0) return false;
  return yield* hasAffinity(target, thread);
}
