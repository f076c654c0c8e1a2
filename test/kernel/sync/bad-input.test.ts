/** What the issue calls bad input: each is an error, nothing is left behind, and the kernel's invariants hold. */
import { describe, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT } from '../../../kernel/abi/index.ts';
import { check, expectStatus, MACHINES, sys } from '../run.ts';

const PAST = -1;
const page = () => sys('mmap', 0, 4096, 3, 0);

function* ofMutexes(): Code<number> {
  const mutex = yield sys('mutexCreate');
  yield* check(yield sys('mutexUnlock', mutex), ERROR.EPERM, 1);
  yield* check(yield sys('mutexLock', mutex, 0), 0, 2);
  yield* check(yield sys('mutexLock', mutex, 0), ERROR.EDEADLK, 3);
  yield* check(yield sys('mutexLock', mutex, PAST), ERROR.EDEADLK, 4);
  yield* check(yield sys('syncDestroy', mutex), ERROR.EBUSY, 5);
  yield* check(yield sys('lockConsistent', mutex), ERROR.EINVAL, 6);
  yield* check(yield sys('mutexUnlock', mutex), 0, 7);
  yield* check(yield sys('mutexUnlock', mutex), ERROR.EPERM, 8);
  yield* check(yield sys('lockConsistent', mutex), ERROR.EPERM, 9);
  yield* check(yield sys('mutexLock', mutex, PAST), 0, 10);
  yield* check(yield sys('mutexUnlock', mutex), 0, 11);
  yield* check(yield sys('mutexLock', mutex, LIMIT.CYCLES + 1), ERROR.EINVAL, 12);
  yield* check(yield sys('syncDestroy', mutex), 0, 13);
  yield* check(yield sys('syncDestroy', mutex), ERROR.EBADF, 14);
  yield* check(yield sys('mutexLock', mutex, 0), ERROR.EBADF, 15);
  yield* check(yield sys('mutexUnlock', mutex), ERROR.EBADF, 16);
  return 0;
}

function* ofRwlocks(): Code<number> {
  const lock = yield sys('rwlockCreate', 1);
  yield* check(yield sys('rwlockCreate', -1), ERROR.EINVAL, 1);
  yield* check(yield sys('rwlockCreate', 1000), ERROR.EINVAL, 2);
  yield* check(yield sys('rwlockUnlock', lock), ERROR.EPERM, 3);
  yield* check(yield sys('rwlockRead', lock, 0), 0, 4);
  yield* check(yield sys('rwlockWrite', lock, 0), ERROR.EDEADLK, 5);
  yield* check(yield sys('rwlockRead', lock, 0), 0, 6);
  yield* check(yield sys('syncDestroy', lock), ERROR.EBUSY, 7);
  yield* check(yield sys('rwlockUnlock', lock), 0, 8);
  yield* check(yield sys('rwlockUnlock', lock), 0, 9);
  yield* check(yield sys('rwlockUnlock', lock), ERROR.EPERM, 10);
  yield* check(yield sys('rwlockWrite', lock, 0), 0, 11);
  yield* check(yield sys('rwlockWrite', lock, 0), ERROR.EDEADLK, 12);
  yield* check(yield sys('rwlockRead', lock, 0), ERROR.EDEADLK, 13);
  yield* check(yield sys('syncDestroy', lock), ERROR.EBUSY, 14);
  yield* check(yield sys('rwlockUnlock', lock), 0, 15);
  for (let count = 0; count < LIMIT.READ_LOCKS; count += 1)
    yield* check(yield sys('rwlockRead', lock, 0), 0, 16);
  yield* check(yield sys('rwlockRead', lock, 0), ERROR.EAGAIN, 17);
  for (let count = 0; count < LIMIT.READ_LOCKS; count += 1)
    yield* check(yield sys('rwlockUnlock', lock), 0, 18);
  yield* check(yield sys('syncDestroy', lock), 0, 19);
  yield* check(yield sys('rwlockRead', lock, 0), ERROR.EBADF, 20);
  return 0;
}

function* ofOthers(): Code<number> {
  const semaphore = yield sys('semaphoreCreate', 1);
  yield* check(yield sys('semaphoreCreate', -1), ERROR.EINVAL, 1);
  yield* check(yield sys('semaphoreCreate', LIMIT.SEMAPHORE + 1), ERROR.EINVAL, 2);
  yield* check(yield sys('semaphoreWait', semaphore, 0), 0, 3);
  yield* check(yield sys('semaphoreWait', semaphore, PAST), ERROR.ETIMEDOUT, 4);
  yield* check(yield sys('semaphoreWait', semaphore, 700), ERROR.ETIMEDOUT, 5);
  yield* check(yield sys('semaphorePost', semaphore, 0), ERROR.EINVAL, 6);
  yield* check(yield sys('semaphorePost', semaphore, LIMIT.SEMAPHORE), 0, 7);
  yield* check(yield sys('semaphorePost', semaphore, 1), ERROR.EINVAL, 8);
  const condition = yield sys('conditionCreate');
  const mutex = yield sys('mutexCreate');
  yield* check(yield sys('conditionWait', condition, mutex, 10), ERROR.EPERM, 9);
  yield* check(yield sys('conditionWait', mutex, condition, 10), ERROR.EBADF, 10);
  yield* check(yield sys('mutexLock', mutex, 0), 0, 11);
  yield* check(yield sys('conditionWait', condition, mutex, PAST), ERROR.ETIMEDOUT, 12);
  yield* check(yield sys('conditionWait', condition, mutex, 800), ERROR.ETIMEDOUT, 13);
  yield* check(yield sys('conditionWake', condition, -1), ERROR.EINVAL, 14);
  yield* check(yield sys('conditionWake', condition, 5), 0, 15);
  yield* check(yield sys('mutexUnlock', mutex), 0, 16);
  for (const handle of [semaphore, condition, mutex])
    for (const forged of [0, -1, handle + 1, handle ^ 0x4000_0000, -handle, 0x7fff_ffff])
      yield* check(yield sys('syncDestroy', forged), ERROR.EBADF, 17);
  yield* check(yield sys('mutexLock', semaphore, 0), ERROR.EBADF, 18);
  yield* check(yield sys('lockConsistent', semaphore), ERROR.EBADF, 19);
  return 0;
}

function* ofBarriers(): Code<number> {
  yield* check(yield sys('barrierCreate', 0, 0), ERROR.EINVAL, 1);
  yield* check(yield sys('barrierCreate', LIMIT.MEMBERS + 1, 0), ERROR.EINVAL, 2);
  yield* check(yield sys('barrierCreate', 2, -4), ERROR.EINVAL, 3);
  const barrier = yield sys('barrierCreate', 2, 1);
  yield* check(yield sys('barrierWait', barrier, 2, 0), ERROR.EINVAL, 4);
  yield* check(yield sys('barrierWait', barrier, -1, 0), ERROR.EINVAL, 5);
  yield* check(yield sys('barrierWait', barrier, 0, PAST), ERROR.ETIMEDOUT, 6);
  yield* check(yield sys('barrierWait', barrier, 0, 900), ERROR.ETIMEDOUT, 7);
  yield* check(yield sys('barrierWait', barrier, 1, 900), ERROR.ETIMEDOUT, 8);
  const alone = yield sys('barrierCreate', 1, 0);
  for (let round = 0; round < 3; round += 1) yield* check(yield sys('barrierWait', alone, 0, 0), 0, 9);
  yield* check(yield sys('syncDestroy', barrier), 0, 10);
  yield* check(yield sys('barrierWait', barrier, 0, 0), ERROR.EBADF, 11);
  return 0;
}

/** Waits on objects as the words say: the call's number, the object, and where the result goes. */
function* waiter(words: number): Code {
  yield store(words + 12, 1);
  const result = yield sys('barrierWait', yield load(words), 1, 0);
  yield store(words + 8, result);
}

/** The other member is there: it cannot come twice, and the barrier cannot go. */
function* moreArrivalsThanMembers(): Code<number> {
  const words = yield page();
  const barrier = yield sys('barrierCreate', 2, 0);
  yield store(words, barrier);
  yield store(words + 8, 99);
  const thread = yield sys('threadSpawn', yield addressOf(waiter), words, -1);
  while ((yield load(words + 12)) === 0) yield sys('sleep', 500);
  yield sys('sleep', 20_000);
  yield* check(yield sys('barrierWait', barrier, 1, 0), ERROR.EBUSY, 1);
  yield* check(yield sys('syncDestroy', barrier), ERROR.EBUSY, 2);
  yield* check(yield load(words + 8), 99, 3);
  yield* check(yield sys('barrierWait', barrier, 0, 0), 0, 4);
  yield sys('threadJoin', thread, 0);
  yield* check(yield load(words + 8), 0, 5);
  yield* check(yield sys('syncDestroy', barrier), 0, 6);
  return 0;
}

function* locksAnothers(mutex: number): Code<number> {
  yield* check(yield sys('mutexLock', mutex, 0), ERROR.EBADF, 1);
  yield* check(yield sys('syncDestroy', mutex), ERROR.EBADF, 2);
  return 0;
}

function* handlesAreOfOneProcess(_: number, block: number): Code<number> {
  const mutex = yield sys('mutexCreate');
  const child = yield sys('spawn', yield addressOf(locksAnothers), mutex, -1);
  yield* check(yield sys('wait', child, block - 512), child, 1);
  yield* check(yield load(block - 512), 0, 2);
  yield* check(yield sys('mutexLock', mutex, 0), 0, 3);
  return 0;
}

function* staleHandles(): Code<number> {
  const first = yield sys('mutexCreate');
  yield* check(yield sys('syncDestroy', first), 0, 1);
  for (let round = 0; round < 200; round += 1) {
    const other = yield sys('mutexCreate');
    yield* check(other > 0 && other !== first ? 1 : 0, 1, 2);
    yield* check(yield sys('mutexLock', first, 0), ERROR.EBADF, 3);
    yield* check(yield sys('syncDestroy', other), 0, 4);
  }
  return 0;
}

function* takesAll(): Code<number> {
  for (let count = 0; ; count += 1) {
    const names = ['mutexCreate', 'rwlockCreate', 'conditionCreate', 'barrierCreate'] as const;
    const handle = yield sys(names[count % 4] ?? 'mutexCreate', 1, 1);
    if (handle < 0) return handle === ERROR.ENOMEM && count > 10 ? 0 : 1;
  }
}

describe.each(MACHINES.filter(({ harts }) => harts <= 4))('on $preset with $harts harts', (machine) => {
  test.each([
    ['mutexes', ofMutexes],
    ['reader-writer locks', ofRwlocks],
    ['semaphores, conditions, and handles of another kind', ofOthers],
    ['barriers', ofBarriers],
    ['more arrivals than members', moreArrivalsThanMembers],
    ['handles of another process', handlesAreOfOneProcess],
  ])('%s', (_, entry) => {
    expectStatus(0, entry, machine);
  });
});

test('a handle of what is destroyed stays bad, though its reference is used again', () => {
  expectStatus(0, staleHandles, { harts: 2, options: { refsPerHart: 64 } });
});

test('when references run out, ENOMEM; the end of the process gives everything back', () => {
  expectStatus(0, takesAll, { harts: 2, options: { refsPerHart: 64 } });
});
