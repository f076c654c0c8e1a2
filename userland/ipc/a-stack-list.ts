/**
 * The free A-stacks of one procedure of a binding: several lists, each in a line of its own and under a lock of its own,
 * last used first (LRPC, section 3.1). A thread takes from the list of its hart and gives back to it: so an A-stack, with
 * its linkage and its E-stack, stays in the cache of that hart. All of it lies in the client's memory; that an A-stack
 * is used once at a time the kernel checks for itself.
 *
 * Nobody waits for a lock that is taken but goes on to the next list: waiters that read the line of a lock take it away
 * from who holds it. When no list has one, the binding gets more A-stacks; when it may not have more, the thread gives way
 * until one is free.
 */
import {
  type Code,
  fetchAndAdd,
  flush,
  load,
  MARK,
  mark,
  spinUntil,
  store,
  testAndSet,
} from '../../hw/isa/index.ts';
import { LIMIT } from '../../kernel/abi/index.ts';
import { LINE } from '../runtime/line.ts';
import { lrpcGrow, yieldHart } from '../runtime/system-calls.ts';

/** Lists of a procedure: harts share one when there are more. */
export const LISTS = 8;

const LIST = { LOCK: 0, FREE: 4, ENTRIES: 8 } as const;
/** A-stacks in a list at most: it fills a line. */
const ROOM = (LINE - LIST.ENTRIES) / 4;

/** How often a thread looks through lists some of which others held, before it takes them for empty. */
const ROUNDS = 2;

/** What all lists have in common, behind them: how many A-stacks there are, how many come at a time, bytes from one to the next. */
const COMMON = { ALL: LISTS * LINE, FIRST_COUNT: LISTS * LINE + 4, STRIDE: LISTS * LINE + 8 } as const;

/** Bytes of the lists of a procedure; they begin on a line. */
export const LISTS_SIZE = (LISTS + 1) * LINE;

/** A-stacks of a procedure at most. There is room for them in any case. */
const MOST = Math.min(4 * LIMIT.CALLS, LISTS * ROOM);

/** Fills lists that are zero with `count` A-stacks, one after the other. */
export function* fillLists(lists: number, base: number, stride: number, count: number): Code {
  yield store(lists + COMMON.STRIDE, stride);
  yield store(lists + COMMON.FIRST_COUNT, count);
  yield store(lists + COMMON.ALL, count);
  for (let index = 0; index < count; index++) yield* push(listAt(lists, index), base + index * stride);
  // Others will use them, and an updating bus would send this cache every store for ever.
  for (let index = 0; index < LISTS; index++) yield flush(listAt(lists, index));
}

// DOC: take-a-stack
/** Takes a free A-stack of procedure `index` of a binding, for a thread of list `own`; or an error: there is no memory for more. */
export function* takeStack(lists: number, own: number, binding: number, index: number): Code<number> {
  for (let round = 0; ; round++) {
    let busy = 0;
    for (let step = 0; step < LISTS; step++) {
      const list = listAt(lists, own + step);
      if (!(yield* tryLock(list))) {
        busy = list;
        continue;
      }
      const stack = yield* pop(list);
      yield* unlock(list);
      if (stack !== 0) return stack;
    }
    // Those who look for one make lists busy for each other: not to be waited for again and again.
    if (busy !== 0 && round < ROUNDS) yield spinUntil(busy + LIST.LOCK, 0);
    else if (yield* mayGrow(lists)) return yield* addMore(lists, own, yield* lrpcGrow(binding, index));
    else yield* yieldHart();
  }
}

/** Gives an A-stack back, to list `own` if its lock is free and there is room. */
export function* giveStack(lists: number, own: number, stack: number): Code {
  for (let step = 0; ; step++) {
    const list = listAt(lists, own + step);
    if (!(yield* tryLock(list))) continue;
    const given = yield* push(list, stack);
    yield* unlock(list);
    if (given) return;
  }
}

const listAt = (lists: number, number: number): number => lists + (number % LISTS) * LINE;

function* tryLock(list: number): Code<boolean> {
  if ((yield testAndSet(list + LIST.LOCK)) !== 0) return false;
  yield mark(MARK.lockWanted, list + LIST.LOCK);
  yield mark(MARK.lockAcquired, list + LIST.LOCK);
  return true;
}

function* unlock(list: number): Code {
  yield mark(MARK.lockReleased, list + LIST.LOCK);
  yield store(list + LIST.LOCK, 0);
}

function* pop(list: number): Code<number> {
  const free = yield load(list + LIST.FREE);
  if (free === 0) return 0;
  yield store(list + LIST.FREE, free - 1);
  return yield load(list + LIST.ENTRIES + 4 * (free - 1));
}

function* push(list: number, stack: number): Code<boolean> {
  const free = yield load(list + LIST.FREE);
  if (free === ROOM) return false;
  yield store(list + LIST.ENTRIES + 4 * free, stack);
  yield store(list + LIST.FREE, free + 1);
  return true;
}

/** Counts as many A-stacks more as come at a time, unless there would be too many. */
function* mayGrow(lists: number): Code<boolean> {
  const count = yield load(lists + COMMON.FIRST_COUNT);
  if (((yield fetchAndAdd(lists + COMMON.ALL, count)) >>> 0) + count <= MOST) return true;
  yield fetchAndAdd(lists + COMMON.ALL, -count);
  return false;
}

/** Gives back all but the first of the A-stacks that were added at `base`, and gives that; or the error that `base` is. */
function* addMore(lists: number, own: number, base: number): Code<number> {
  const count = yield load(lists + COMMON.FIRST_COUNT);
  if (base < 0) {
    yield fetchAndAdd(lists + COMMON.ALL, -count);
    return base;
  }
  const stride = yield load(lists + COMMON.STRIDE);
  for (let index = 1; index < count; index++) yield* giveStack(lists, own + index, base + index * stride);
  return base;
}
