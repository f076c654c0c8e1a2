/**
 * Virtual memory as objects, or as a traditional kernel has it (`kernel.vm`).
 *
 * `traditional`, for comparison: a process has one control block with one lock, one list of regions with one
 * reader-writer lock, one lock for its page table, one count of who is inside; a region and its pages have one lock each; one
 * lock guards the page frames of all nodes (dsm.ts), which are still taken of the nearest node that has one. It is the same code with one representative of everything, and these locks: what differs
 * is what is shared. As such kernels do, it holds no lock while a page is filled, and remembers regions looked up lately.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';

/** The words of the variants. */
export const VM = Object.freeze({ objects: 0, traditional: 1 });

/** Whether this kernel is the traditional one. */
export function* isTraditional(local: number): Code<boolean> {
  return (yield load(local + HART.vm)) === VM.traditional;
}

/** Does what needs no lock; in the traditional kernel under a lock. */
export function* underTraditionalLock(local: number, lock: number, change: Code<number>): Code<number> {
  if (!(yield* isTraditional(local))) return yield* change;
  yield* acquire(lock);
  const result = yield* change;
  yield* release(lock);
  return result;
}
