/**
 * The free A-stacks of one procedure of a binding, last used first, under a lock of their own (LRPC, section 3.1): what is
 * taken next is likely to be in the cache still, and with an E-stack. It lies in the client's memory; that an A-stack is
 * used once at a time the kernel checks for itself.
 *
 * When none is free, the binding gets more of them; when it may not have more, the thread gives way until one is.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { LIMIT } from '../../kernel/abi/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import { lrpcGrow, yieldHart } from '../runtime/system-calls.ts';
import { SpinOnReadLock } from '../sync/locks/spin-on-read.ts';

/** A-stacks of a procedure at most. */
const MOST = 4 * LIMIT.CALLS;

const LIST = { LOCK: 0, FREE: 4, ALL: 8, FIRST_COUNT: 12, STRIDE: 16, ENTRIES: 20 } as const;

/** Bytes of a list; it begins on a line. */
export const LIST_SIZE = roundUp(LIST.ENTRIES + 4 * MOST, LINE);

/** Fills a list that is zero with `count` A-stacks. */
export function* fillList(list: number, base: number, stride: number, count: number): Code {
  yield store(list + LIST.STRIDE, stride);
  yield store(list + LIST.FIRST_COUNT, count);
  yield store(list + LIST.ALL, count);
  yield store(list + LIST.FREE, count);
  for (let index = 0; index < count; index++)
    yield store(list + LIST.ENTRIES + 4 * index, base + (count - 1 - index) * stride);
}

// DOC: take-a-stack
/** Takes a free A-stack of procedure `index` of a binding; or an error: there is none, and no memory for more. */
export function* takeStack(list: number, binding: number, index: number): Code<number> {
  for (;;) {
    const stack = yield* pop(list);
    if (stack !== 0) return stack;
    if ((yield load(list + LIST.ALL)) + (yield load(list + LIST.FIRST_COUNT)) <= MOST) {
      const base = yield* lrpcGrow(binding, index);
      return base < 0 ? base : yield* addMore(list, base);
    }
    yield* yieldHart();
  }
}

function* pop(list: number): Code<number> {
  const lock = new SpinOnReadLock(list + LIST.LOCK);
  yield* lock.acquire();
  const free = yield load(list + LIST.FREE);
  let stack = 0;
  if (free > 0) {
    stack = yield load(list + LIST.ENTRIES + 4 * (free - 1));
    yield store(list + LIST.FREE, free - 1);
  }
  yield* lock.release();
  return stack;
}

/** Puts all but the first of new A-stacks into the list; gives the first. */
function* addMore(list: number, base: number): Code<number> {
  const count = yield load(list + LIST.FIRST_COUNT);
  const stride = yield load(list + LIST.STRIDE);
  const lock = new SpinOnReadLock(list + LIST.LOCK);
  yield* lock.acquire();
  const free = yield load(list + LIST.FREE);
  // Others may have added some meanwhile: what there is no room for stays unused.
  const all = yield load(list + LIST.ALL);
  const added = Math.min(count, MOST - all);
  yield store(list + LIST.ALL, all + added);
  yield store(list + LIST.FREE, free + Math.max(0, added - 1));
  for (let index = 1; index < added; index++)
    yield store(list + LIST.ENTRIES + 4 * (free + index - 1), base + index * stride);
  yield* lock.release();
  return base;
}

/** Gives an A-stack back. */
export function* giveStack(list: number, stack: number): Code {
  const lock = new SpinOnReadLock(list + LIST.LOCK);
  yield* lock.acquire();
  const free = yield load(list + LIST.FREE);
  if (free < MOST) {
    yield store(list + LIST.ENTRIES + 4 * free, stack);
    yield store(list + LIST.FREE, free + 1);
  }
  yield* lock.release();
}
