/** A program that makes the kernel take the locks of what is replaced, moved, counted and waited for. */
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { MAP, THREAD_BLOCK } from '../../../kernel/abi/index.ts';
import { sys } from '../run.ts';

const PAGE = 4096;
const SHARED = 0x10_0000;
/** Handles, by what they are of. */
const OBJECTS = { mutex: 0, rwlock: 4, condition: 8, semaphore: 12, counter: 16 } as const;

function* handle(of: keyof typeof OBJECTS): Code<number> {
  return yield load(SHARED + OBJECTS[of]);
}

function* worker(turn: number): Code<number> {
  const mutex = yield* handle('mutex');
  const rwlock = yield* handle('rwlock');
  for (let round = 0; round < 3; round++) {
    const base = yield sys('mmap', 0, 20 * PAGE, MAP.READ | MAP.WRITE, 0);
    if (base < 0) return 1;
    for (let page = 0; page < 4; page++) yield store(base + page * PAGE, turn);
    yield sys('regionReplace', base, 1 + (round & 1));
    if ((yield sys('mutexLock', mutex, 0)) !== 0) return 2;
    yield sys('conditionWait', yield* handle('condition'), mutex, 400);
    if ((yield sys('mutexUnlock', mutex)) !== 0) return 3;
    yield sys('conditionWake', yield* handle('condition'), 1);
    if ((yield sys(turn % 2 === 0 ? 'rwlockWrite' : 'rwlockRead', rwlock, 0)) !== 0) return 4;
    yield sys('counterAdd', yield* handle('counter'), 1);
    if ((yield sys('rwlockUnlock', rwlock)) !== 0) return 5;
    yield sys('semaphorePost', yield* handle('semaphore'), 1);
    yield sys('semaphoreWait', yield* handle('semaphore'), 0);
    yield sys('counterReplace', yield* handle('counter'), round & 1, 1);
    if ((yield load(base)) !== turn) return 6;
    if ((yield sys('munmap', base, 20 * PAGE)) !== 0) return 7;
  }
  return 0;
}

/** First procedure of the first process. */
export function* stir(_: number, block: number): Code<number> {
  const harts = yield load(block + THREAD_BLOCK.HARTS);
  yield sys('mmap', SHARED, PAGE, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
  yield store(SHARED + OBJECTS.mutex, yield sys('mutexCreate'));
  yield store(SHARED + OBJECTS.rwlock, yield sys('rwlockCreate', 1));
  yield store(SHARED + OBJECTS.condition, yield sys('conditionCreate'));
  yield store(SHARED + OBJECTS.semaphore, yield sys('semaphoreCreate', 0));
  yield store(SHARED + OBJECTS.counter, yield sys('counterCreate', 0, 1));
  const threads: number[] = [];
  for (let turn = 0; turn < harts; turn++)
    threads.push(yield sys('threadSpawn', yield addressOf(worker), turn, turn));
  const me = yield sys('currentProcess');
  for (let round = 0; round < 6; round++) {
    yield sys('migrate', me, round & 1);
    yield sys('sleep', 3000);
  }
  for (const thread of threads) {
    if ((yield sys('threadJoin', thread, SHARED + 64)) !== 0) return 8;
    if ((yield load(SHARED + 64)) !== 0) return 9;
  }
  return 0;
}
