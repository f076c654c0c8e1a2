/** Data races are found where nothing orders two accesses, and nowhere else. */
import { describe, expect, test } from 'vitest';
import {
  type Code,
  fetchAndAdd,
  load,
  load8,
  loadReserved,
  MARK,
  mark,
  pause,
  spinUntil,
  store,
  store8,
  storeConditional,
  testAndSet,
} from '../../../hw/isa/index.ts';
import {
  BakeryLock,
  BARRIERS,
  Env,
  futexWait,
  futexWake,
  joinThread,
  LIMIT,
  LOCKS,
  MAP,
  mmap,
  munmap,
  PetersonLock,
  sleep,
  spawnThread,
} from '../../../userland/index.ts';
import { detectBare, detectUser } from './detect.ts';

const DATA = 0x8000;
const FLAG = 0x8040;
const OTHER = 0x8080;
const LOCK = 0x9000;
const RACES = { detectors: ['races'] } as const;

function* increment(): Code {
  yield store(DATA, (yield load(DATA)) + 1);
}

const bare = (...programs: (() => Code)[]): readonly string[] => detectBare(programs, RACES).short;

describe('without a kernel', () => {
  test('two harts that add to a word, by a load and a store, race, and the finding says where', () => {
    const { findings } = detectBare([increment, increment], RACES);
    expect(findings).toHaveLength(1);
    const [{ detector, address, message, involved } = { involved: [] }] = findings;
    expect({ detector, address }).toEqual({ detector: 'races', address: DATA });
    expect(involved.map(({ who, instruction }) => [who, instruction])).toEqual([
      ['hart 0', 'stores to it'],
      ['hart 1', 'loads it'],
    ]);
    expect(message).toMatch(/^data race on the word at 0x00008000: hart 0 stores to it at cycle \d+, hart 1/);
  });

  test('two readers do not', () => {
    const read = function* (): Code {
      yield load(DATA);
    };
    expect(bare(read, read)).toEqual([]);
  });

  test('an atomic addition does not', () => {
    const add = function* (): Code {
      yield fetchAndAdd(DATA, 1);
    };
    expect(bare(add, add)).toEqual([]);
  });

  test('a word that is handed over by a spin is in order, though the store came before the spin', () => {
    const give = function* (): Code {
      yield store(DATA, 7);
      yield store(FLAG, 1);
    };
    const take = function* (): Code {
      yield spinUntil(FLAG, 1);
      yield* increment();
    };
    expect(bare(give, take)).toEqual([]);
  });

  test('what is written after the flag has been set is not handed over', () => {
    const give = function* (): Code {
      yield store(FLAG, 1);
      yield store(DATA, 7);
    };
    const take = function* (): Code {
      yield spinUntil(FLAG, 1);
      yield load(DATA);
    };
    expect(detectBare([give, take], RACES).findings.map(({ address }) => address)).toEqual([DATA]);
  });

  describe('a flag that is polled with plain loads', () => {
    const give = function* (): Code {
      yield store(DATA, 7);
      yield store(FLAG, 1);
    };
    const poll = function* (): Code {
      while ((yield load(FLAG)) === 0) yield pause();
      yield load(DATA);
    };

    test('races itself, but what it guards does not', () => {
      expect(detectBare([give, poll], RACES).findings.map(({ address }) => address)).toEqual([FLAG]);
    });

    test('is in order where it is marked, before or after', () => {
      const marked = function* (): Code {
        yield mark(MARK.atomic, FLAG, 4);
        yield* poll();
      };
      const late = function* (): Code {
        yield* poll();
        yield mark(MARK.atomic, FLAG, 4);
      };
      expect(bare(give, marked)).toEqual([]);
      expect(bare(give, late)).toEqual([]);
    });

    test('is in order if anybody spins on it later', () => {
      const late = function* (): Code {
        yield* poll();
        yield spinUntil(FLAG, 1);
      };
      expect(bare(give, late)).toEqual([]);
    });
  });

  test('bytes of a word are words of their own', () => {
    const low = function* (): Code {
      yield store8(DATA, 1);
      yield load8(DATA);
    };
    const high = function* (): Code {
      yield store8(DATA + 3, 1);
    };
    const all = function* (): Code {
      yield load(DATA);
    };
    expect(bare(low, high)).toEqual([]);
    expect(bare(low, low)).toHaveLength(1);
    expect(bare(high, all)).toHaveLength(1);
  });

  test('bytes of a word on which somebody spins are flags of their own', () => {
    const child = (hart: number) =>
      function* (): Code {
        yield store(DATA + 4 * hart, 7);
        yield store8(FLAG + hart, 1);
      };
    const parent = function* (): Code {
      yield spinUntil(FLAG, 0x0101);
      for (const hart of [0, 1]) yield load(DATA + 4 * hart);
    };
    expect(bare(child(0), child(1), parent)).toEqual([]);
  });

  test('neighbouring words that race alike are one finding', () => {
    const fill = function* (): Code {
      for (let at = 0; at < 64; at += 4) yield store(DATA + at, 1);
    };
    const { findings } = detectBare([fill, fill], RACES);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toContain('and 15 more up to 0x0000803c');
  });

  test('reservations order what they guard', () => {
    const take = function* (): Code {
      for (;;) {
        if ((yield loadReserved(LOCK)) === 0 && (yield storeConditional(LOCK, 1)) === 0) break;
        yield pause();
      }
      yield* increment();
      yield store(LOCK, 0);
    };
    expect(bare(take, take)).toEqual([]);
  });

  test('a lock that guards another word guards only that', () => {
    const locked = function* (): Code {
      while ((yield testAndSet(LOCK)) !== 0) yield pause();
      yield store(OTHER, (yield load(OTHER)) + 1);
      yield store(LOCK, 0);
      yield* increment();
    };
    expect(detectBare([locked, locked], RACES).findings.map(({ address }) => address)).toEqual([DATA]);
  });
});

const bareLocks = LOCKS.filter(({ blocking }) => !blocking);
const PRESETS = ['smp', 'cc-numa', 'dance-hall'];

describe.each(PRESETS)('on %s', (preset) => {
  test.each(bareLocks)('what $id guards does not race', (kind) => {
    const harts = [0, 1, 2, 3];
    const use = (hart: number) =>
      function* (): Code {
        const lock = kind.at(LOCK, harts.length);
        for (let time = 0; time < 4; time++) {
          yield* lock.acquire(0xa000 + 0x100 * hart);
          yield* increment();
          yield* lock.release(0xa000 + 0x100 * hart);
        }
      };
    const { findings, machine } = detectBare(harts.map(use), { preset }, true);
    expect(findings).toEqual([]);
    expect(machine.peek(DATA)).toBe(16);
  });

  test.each(BARRIERS)('what $id parts does not race', (kind) => {
    const pass = (hart: number) =>
      function* (): Code {
        const barrier = kind.at(LOCK, 3);
        for (let episode = 0; episode < 3; episode++) {
          yield store(DATA + 4 * hart, episode);
          yield* barrier.wait(hart);
          for (const other of [0, 1, 2]) yield load(DATA + 4 * other);
          yield* barrier.wait(hart);
        }
      };
    expect(detectBare([0, 1, 2].map(pass), { preset }, true).findings).toEqual([]);
  });

  test.each([
    ['Peterson', new PetersonLock(LOCK)],
    ['bakery', new BakeryLock(LOCK, 2)],
  ])('what the lock of %s guards does not race, nor does the lock', (_name, lock) => {
    const use = (hart: number) =>
      function* (): Code {
        for (let time = 0; time < 4; time++) {
          yield* lock.acquire(hart);
          yield* increment();
          yield* lock.release(hart);
        }
      };
    expect(detectBare([0, 1].map(use), { preset }, true).findings).toEqual([]);
  });
});

describe('under the kernel', () => {
  function* adder(word: number): Code<number> {
    yield store(word, (yield load(word)) + 1);
    return 0;
  }
  function* pages(): Code<number> {
    return yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
  }

  test('two threads that add to a word race; the finding names process and threads', () => {
    const { findings } = detectUser(function* (env: Env) {
      const word = yield* pages();
      const one = yield* spawnThread(adder, word, 1);
      const two = yield* spawnThread(adder, word, 2);
      yield* joinThread(env, one);
      yield* joinThread(env, two);
    }, RACES);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.involved.map(({ who }) => who).toSorted()).toEqual([
      'process 1 thread 2',
      'process 1 thread 3',
    ]);
  });

  test('threads that are joined before the next begins do not', () => {
    const { short } = detectUser(function* (env: Env) {
      const word = yield* pages();
      yield store(word, 1);
      for (const hart of [1, 2]) yield* joinThread(env, yield* spawnThread(adder, word, hart));
      yield* adder(word);
    }, RACES);
    expect(short).toEqual([]);
  });

  test('the starter races with a thread that it has not joined', () => {
    const { short } = detectUser(function* (env: Env) {
      const word = yield* pages();
      const thread = yield* spawnThread(adder, word, 1);
      yield* adder(word);
      yield* joinThread(env, thread);
    }, RACES);
    expect(short).toHaveLength(1);
  });

  test('a page that was unmapped and is mapped again is another one', () => {
    function* toucher(page: number): Code<number> {
      yield store(page, 1);
      yield* munmap(page, LIMIT.PAGE);
      return 0;
    }
    function* mapper(page: number): Code<number> {
      const again = yield* mmap(page, LIMIT.PAGE, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
      if (again < 0) return 1;
      yield store(again, 2);
      return 0;
    }
    const { short, stop } = detectUser(function* (env: Env) {
      const page = yield* pages();
      const one = yield* spawnThread(toucher, page, 1);
      for (let tries = 0; ; tries++) {
        const two = yield* spawnThread(mapper, page, 2);
        if ((yield* joinThread(env, two)) === 0) break;
      }
      yield* joinThread(env, one);
    }, RACES);
    expect({ short, stop }).toEqual({ short: [], stop: { kind: 'halted', status: 0 } });
  });

  test('threads may have the stacks of those before them, whom nobody has joined yet', () => {
    function* printer(_word: number, block: number): Code<number> {
      yield* new Env(block).print('printed\n');
      return 0;
    }
    const { short, machine } = detectUser(function* (env: Env) {
      const one = yield* spawnThread(printer, 0, 1);
      yield* sleep(500_000);
      const two = yield* spawnThread(printer, 0, 2);
      yield* joinThread(env, one);
      yield* joinThread(env, two);
    }, RACES);
    expect(short).toEqual([]);
    expect(machine.console.text()).toBe('printed\nprinted\n');
  });

  test('a futex hands over what was written before the wake-up', () => {
    function* waiter(word: number): Code<number> {
      yield* futexWait(word, 0, 0);
      return yield load(word + 64);
    }
    const { short, stop } = detectUser(function* (env: Env) {
      const word = yield* pages();
      const thread = yield* spawnThread(waiter, word, 1);
      yield store(word + 64, 5);
      yield store(word, 1);
      yield* futexWake(word, 1);
      return (yield* joinThread(env, thread)) - 5;
    }, RACES);
    expect({ short, stop }).toEqual({ short: [], stop: { kind: 'halted', status: 0 } });
  });
});
