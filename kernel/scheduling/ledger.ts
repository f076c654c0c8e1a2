/**
 * LEDGER: a block of the heap with what THREAD has no room for, for those threads that need it: the bits of its affinity,
 * and for each hart when the thread last got it, counted in turns of that hart (accounts.ts).
 *
 * *Locking:* as affinity.ts, accounts.ts. A thread keeps its ledger until it is freed.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { allocate } from '../memory/heap.ts';
import { struct, word } from '../struct.ts';
import { THREAD } from '../threads/thread.ts';

/** Most harts that a discipline with limited memory remembers of a thread, and what it remembers of each. */
export const MOST_REMEMBERED = 8;
export const REMEMBERED = struct({ hart: word, turn: word });

/** Words of a set of harts, on a machine of so many. */
export const setWords = (harts: number): number => (harts + 31) >>> 5;

/** Bytes of the set of harts, with which a ledger begins. */
const setBytes = (harts: number): number => 4 * setWords(harts);

/** The word of the set that has a hart's bit. */
export const setWord = (ledger: number, hart: number): number => ledger + 4 * (hart >>> 5);

/** A zeroed ledger, near the hart at `target`; 0 if there is no memory. */
export function* createLedger(target: number): Code<number> {
  const harts = yield load(target + HART.harts);
  return yield* allocate(target, setBytes(harts) + Math.max(4 * harts, MOST_REMEMBERED * REMEMBERED.SIZE));
}

/** Where a thread's memory of harts begins: words or entries, as the discipline has it. */
export function* memoryOf(local: number, thread: number): Code<number> {
  return (yield load(thread + THREAD.ledger)) + setBytes(yield load(local + HART.harts));
}
