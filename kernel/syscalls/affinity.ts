/**
 * System calls about affinity: the set of harts on which a thread may run, as bits of words, hart 0 first.
 *
 * A thread that runs or waits elsewhere is directed to the nearest hart of the set, and goes there on its way back to user
 * mode, as in a migration (threads/move.ts). One that carries a protected call out goes after that.
 *
 * *Locking:* see scheduling.ts.
 */
import { type Code, csrRead, fetchAndStore, load, sendInterrupt, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART, localOf } from '../hart-local.ts';
import { copyIn, copyOutWord } from '../io/copy.ts';
import { free } from '../memory/heap.ts';
import { AFFINITY, hasAffinity } from '../scheduling/affinity.ts';
import { createLedger, setWords } from '../scheduling/ledger.ts';
import { nthNearest } from '../scheduling/nearest.ts';
import { STATE, THREAD } from '../threads/thread.ts';
import { lockedRerank, lockSubject, unlockSubject } from './scheduling.ts';

/** threadSetAffinity(thread, address, words) */
export function* threadSetAffinity(
  thread: number,
  number: number,
  address: number,
  words: number,
): Code<number> {
  const local = yield csrRead('slocal');
  const harts = yield load(local + HART.harts);
  if (words < 1 || words > setWords(harts)) return ERROR.EINVAL;
  if ((address & 3) !== 0) return ERROR.EFAULT;
  // A ledger of its own first: copying may wait for a page, and the thread may get one meanwhile.
  const ledger = yield* createLedger(local);
  if (ledger === 0) return ERROR.ENOMEM;
  const copied = yield* copyIn(thread, ledger, address, 4 * words);
  const error = copied !== 0 ? copied : yield* checkSet(ledger, harts);
  const spare = error === 0 ? yield* install(thread, number, ledger, setWords(harts)) : ledger;
  if (spare > 0) yield* free(spare);
  if (spare >= 0) return error;
  yield* free(ledger);
  return spare;
}

/** Gives 0 if a set has a hart, and none that does not exist; else EINVAL. */
function* checkSet(set: number, harts: number): Code<number> {
  let any = 0;
  for (let base = 0; base < harts; base += 32) {
    const bits = yield load(set + (base >>> 3));
    const least = harts - base;
    if (least < 32 && bits >>> least !== 0) return ERROR.EINVAL;
    any |= bits;
  }
  return any === 0 ? ERROR.EINVAL : 0;
}

// DOC: set-affinity
/** Gives a thread the set in a ledger; gives the ledger if it is not needed, 0 if the thread has it now, or ESRCH. */
function* install(thread: number, number: number, ledger: number, words: number): Code<number> {
  const subject = yield* lockSubject(thread, number);
  if (subject < 0) return subject;
  const old = yield load(subject + THREAD.ledger);
  // Others may be reading the ledger that it has: it stays, and its words change one by one.
  if (old === 0) yield store(subject + THREAD.ledger, ledger);
  else for (let at = 0; at < 4 * words; at += 4) yield store(old + at, yield load(ledger + at));
  yield store(subject + THREAD.affinity, AFFINITY.set);
  yield* lockedDirect(subject);
  yield* lockedRerank(subject);
  yield* unlockSubject(subject);
  return old === 0 ? 0 : ledger;
}

/** Directs a thread to the nearest hart where it may run, if it is on another one. */
function* lockedDirect(subject: number): Code {
  const local = yield csrRead('slocal');
  const from = yield load(subject + THREAD.local);
  for (let distance = 0; ; distance += 1) {
    const hart = yield* nthNearest(from, distance);
    if (!(yield* hasAffinity(yield* localOf(local, hart), subject))) continue;
    yield fetchAndStore(subject + THREAD.goTo, distance === 0 ? 0 : hart + 1);
    break;
  }
  if (from !== local && (yield load(subject + THREAD.state)) === STATE.running)
    yield sendInterrupt(yield load(subject + THREAD.hart));
}

/** threadGetAffinity(thread, address, words) */
export function* threadGetAffinity(
  thread: number,
  number: number,
  address: number,
  words: number,
): Code<number> {
  const local = yield csrRead('slocal');
  const harts = yield load(local + HART.harts);
  if (words < setWords(harts)) return ERROR.EINVAL;
  for (let index = 0; index < setWords(harts); index += 1) {
    const bits = yield* bitsOf(thread, number, index);
    if (bits.error !== 0) return bits.error;
    const failure = yield* copyOutWord(thread, address + 4 * index, bits.word);
    if (failure !== 0) return failure;
  }
  return 0;
}

/** A word of a thread's set, or ESRCH. */
function* bitsOf(
  thread: number,
  number: number,
  index: number,
): Code<{ readonly error: number; readonly word: number }> {
  const local = yield csrRead('slocal');
  const end = Math.min(32 * (index + 1), yield load(local + HART.harts));
  const subject = yield* lockSubject(thread, number);
  if (subject < 0) return { error: subject, word: 0 };
  let word = 0;
  for (let hart = 32 * index; hart < end; hart += 1)
    if (yield* hasAffinity(yield* localOf(local, hart), subject)) word |= 1 << (hart & 31);
  yield* unlockSubject(subject);
  return { error: 0, word };
}
