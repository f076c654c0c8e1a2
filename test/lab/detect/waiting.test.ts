/** Lost wake-ups are explained where a run ends with waiters; starvation is counted in turns of others. */
import { describe, expect, test } from 'vitest';
import {
  awaitTestAndSet,
  type Code,
  load,
  MARK,
  mark,
  pause,
  spinUntil,
  store,
  work,
} from '../../../hw/isa/index.ts';
import {
  type Env,
  FutexMutex,
  futexWait,
  futexWake,
  joinThread,
  LIMIT,
  MAP,
  McsLock,
  mmap,
  sleep,
  spawnThread,
} from '../../../userland/index.ts';
import { detectBare, detectUser } from './detect.ts';

const LOST = { detectors: ['lost-wakeups'] } as const;
const FLAG = 0x8000;
const ASLEEP = 0x8040;
const WOKEN = 0x8080;
const LOCK = 0x80c0;

describe('lost wake-ups without a kernel', () => {
  test('a wake-up that the waiter overwrites itself', () => {
    const waiter = function* (): Code {
      yield pause();
      yield store(FLAG, 0);
      yield spinUntil(FLAG, 1);
    };
    const waker = function* (): Code {
      yield store(FLAG, 1);
    };
    const { findings, stop } = detectBare([waiter, waker], LOST);
    expect(stop.kind).toBe('deadlock');
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^lost wake-up: hart 0 waits since cycle [\d,]+ on the word at 0x00008000; hart 1 wrote 1 at cycle [\d,]+, which was overwritten by itself at cycle [\d,]+ before it looked$/,
      ),
    ]);
  });

  test('a wake-up that somebody else overwrites', () => {
    const waiter = function* (): Code {
      yield spinUntil(FLAG, 1);
    };
    const waker = function* (): Code {
      yield store(FLAG, 1);
      yield store(FLAG, 2);
    };
    expect(detectBare([waiter, waker], LOST).findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('hart 1 wrote 1'),
    ]);
  });

  test('an announcement that comes after the other has looked', () => {
    const sleeper = function* (): Code {
      yield awaitTestAndSet(LOCK);
      yield store(LOCK, 0);
      yield pause();
      yield store(ASLEEP, 1);
      yield spinUntil(WOKEN, 1);
    };
    const waker = function* (): Code {
      yield awaitTestAndSet(LOCK);
      if ((yield load(ASLEEP)) === 1) yield store(WOKEN, 1);
      yield store(LOCK, 0);
    };
    expect(detectBare([sleeper, waker], LOST).findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^lost wake-up: hart 0 waits .* on the word at 0x00008080; it said so by its store to 0x00008040 at cycle [\d,]+, but hart 1 had looked there at cycle/,
      ),
    ]);
  });

  test('nobody is blamed where no wake-up was ever to come', () => {
    const waiter = function* (): Code {
      yield store(ASLEEP, 1);
      yield spinUntil(FLAG, 1);
    };
    const other = function* (): Code {
      yield store(FLAG, 2);
    };
    const { short, stop } = detectBare([waiter, other], LOST);
    expect({ short, stop: stop.kind }).toEqual({ short: [], stop: 'deadlock' });
  });

  test('who was woken and waits again was not forgotten', () => {
    const waiter = function* (): Code {
      yield spinUntil(FLAG, 1);
      yield store(FLAG, 0);
      yield spinUntil(FLAG, 1);
    };
    const waker = function* (): Code {
      yield store(FLAG, 1);
    };
    expect(detectBare([waiter, waker], LOST).short).toEqual([]);
  });
});

function* page(): Code<number> {
  return yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
}

/** Runs a thread that sleeps on a futex, and a waker. */
const runFutex = (waker: (word: number) => Code) => {
  function* sleeper(word: number): Code<number> {
    // It decides, takes its time, and sleeps.
    if ((yield load(word)) !== 0) return 0;
    yield work(200_000);
    yield* futexWait(word, 0, 0);
    return 0;
  }
  return detectUser(function* (env: Env) {
    const word = yield* page();
    const thread = yield* spawnThread(sleeper, word, 1);
    yield* waker(word);
    yield* joinThread(env, thread);
  }, LOST);
};

describe('lost wake-ups under the kernel', () => {
  test('a futexWake before the thread sleeps finds nobody', () => {
    const { findings, stop } = runFutex(function* (word) {
      yield* sleep(100_000);
      yield* futexWake(word, 1);
    });
    expect(stop.kind).toBe('deadlock');
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^lost wake-up: process 1 thread 2 \(hart 1\) waits .*; the futexWake of process 1 thread 1 at cycle [\d,]+ found nobody/,
      ),
    ]);
  });

  test('a word that changes, and no futexWake after that', () => {
    const { findings, stop } = runFutex(function* (word) {
      yield* sleep(1_000_000);
      yield* futexWake(word + 64, 1);
      yield store(word, 1);
    });
    expect(stop.kind).toBe('deadlock');
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/process 1 thread 1 wrote 1 at cycle [\d,]+, and no futexWake came after that$/),
    ]);
  });

  test('the same, when the process exits over it', () => {
    function* sleeper(word: number): Code<number> {
      yield* futexWait(word, 0, 0);
      return 0;
    }
    const { short, stop } = detectUser(function* () {
      const word = yield* page();
      yield* spawnThread(sleeper, word, 1);
      yield* sleep(1_000_000);
      yield store(word, 1);
    }, LOST);
    expect({ short, stop: stop.kind }).toEqual({
      short: ['lost-wakeups process 1 thread 2'],
      stop: 'halted',
    });
  });

  test('none where the word is stored first, then the futex woken', () => {
    for (const delay of [0, 100_000, 1_000_000]) {
      const { short, stop } = runFutex(function* (word) {
        yield* sleep(delay);
        yield store(word, 1);
        yield* futexWake(word, 1);
      });
      expect({ short, stop }).toEqual({ short: [], stop: { kind: 'halted', status: 0 } });
    }
  });

  test('none for a thread that still has nothing to do when its process exits', () => {
    function* sleeper(word: number): Code<number> {
      yield* futexWait(word, 0, 0);
      return 0;
    }
    const { short } = detectUser(function* () {
      yield* spawnThread(sleeper, yield* page(), 1);
      yield* sleep(1_000_000);
    }, LOST);
    expect(short).toEqual([]);
  });
});

describe('starvation', () => {
  const bound = { detectors: ['starvation'], overtakes: 20 } as const;

  /** Takes and gives back a lock so many times, without looking at anybody. */
  const greedy = function* (): Code {
    for (let time = 0; time < 30; time++) {
      yield mark(MARK.lockWanted, LOCK);
      yield mark(MARK.lockAcquired, LOCK);
      yield pause();
      yield mark(MARK.lockReleased, LOCK);
      yield pause();
    }
  };
  const patient = function* (): Code {
    yield mark(MARK.lockWanted, LOCK);
    for (let time = 0; time < 200; time++) yield pause();
    yield mark(MARK.lockAcquired, LOCK);
    yield pause();
  };

  test('a waiter that others overtake more often than the bound, once', () => {
    const { findings } = detectBare([patient, greedy], bound);
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^starvation: hart 0 waits for the lock at 0x000080c0 since cycle [\d,]+; others have had it 21 times/,
      ),
    ]);
  });

  test('none below the bound', () => {
    expect(detectBare([patient, greedy], { ...bound, overtakes: 30 }).short).toEqual([]);
  });

  test('none with a fair lock, however long the wait', () => {
    const fair = [0, 1, 2].map(
      (hart) =>
        function* (): Code {
          const lock = new McsLock(LOCK);
          const node = 0x9000 + 64 * hart;
          for (let time = 0; time < 50; time++) {
            yield* lock.acquire(node);
            yield work(100);
            yield* lock.release(node);
          }
        },
    );
    expect(detectBare(fair, { ...bound, overtakes: 2 }, true).short).toEqual([]);
    expect(detectBare(fair, { ...bound, overtakes: 1 }, true).short).not.toEqual([]);
  });

  test('threads of one hart take turns', () => {
    function* busy(word: number): Code<number> {
      const mutex = new FutexMutex(word);
      for (let time = 0; time < 30; time++) {
        yield* mutex.acquire();
        yield work(10_000);
        yield* mutex.release();
      }
      return 0;
    }
    const turns = (overtakes: number) =>
      detectUser(
        function* (env: Env) {
          const threads: number[] = [];
          for (let each = 0; each < 4; each++) threads.push(yield* spawnThread(busy, yield* page(), 1));
          for (const thread of threads) yield* joinThread(env, thread);
        },
        { ...bound, overtakes },
      ).findings.map(({ message }) => message);
    expect(turns(3)).toEqual([]);
    expect(turns(2)).toContainEqual(
      expect.stringMatching(/^starvation: process 1 thread \d .* waits for hart 1/),
    );
  });
});
