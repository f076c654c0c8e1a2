/** The memory of threads: THREAD, and the ledger of those that have one. */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { allocate, free } from '../memory/heap.ts';
import { THREAD } from '../threads/thread.ts';
import { createLedger } from './ledger.ts';
import { policyOf } from './policies.ts';

/** A zeroed thread near the hart at `target`, with a ledger if the policy needs one; 0 if there is no memory. */
export function* allocateThread(local: number, target: number): Code<number> {
  const thread = yield* allocate(target, THREAD.SIZE);
  if (thread === 0 || !(yield* policyOf(local)).hasLedger) return thread;
  const ledger = yield* createLedger(target);
  yield store(thread + THREAD.ledger, ledger);
  if (ledger !== 0) return thread;
  yield* free(thread);
  return 0;
}

/** Frees a thread that nobody can find any more, with its ledger. */
export function* freeThread(thread: number): Code {
  const ledger = yield load(thread + THREAD.ledger);
  if (ledger !== 0) yield* free(ledger);
  yield* free(thread);
}
