/** Deadlocks and lock orders are named; what cannot deadlock is left alone. */
import { describe, expect, test } from 'vitest';
import { type Code, load, MARK, mark, pause, store, testAndSet, work } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { LOCALS, PROCESS_TABLE } from '../../../kernel/layout.ts';
import { Detection } from '../../../lab/detect/index.ts';
import {
  type Env,
  FutexMutex,
  joinThread,
  LIMIT,
  type Lock,
  MAP,
  mmap,
  spawnThread,
  TestAndSetLock,
  threadJoin,
} from '../../../userland/index.ts';
import { detectBare, detectUser } from './detect.ts';

const A: Lock = new TestAndSetLock(0x9000);
const B = new TestAndSetLock(0x9040);
const C = new TestAndSetLock(0x9080);
const MEETING = 0x9100;

function* nested(...locks: readonly Lock[]): Code {
  for (const lock of locks) yield* lock.acquire(0);
  yield work(10);
  for (const lock of locks.toReversed()) yield* lock.release(0);
}

/** Takes a lock, waits until all have one, and asks for the next. */
const embrace = (mine: Lock, next: Lock, many: number) =>
  function* (): Code {
    yield* mine.acquire(0);
    for (;;) {
      if ((yield testAndSet(MEETING + 64)) !== 0) continue;
      yield store(MEETING, (yield load(MEETING)) + 1);
      yield store(MEETING + 64, 0);
      break;
    }
    while ((yield load(MEETING)) < many) yield pause();
    yield* next.acquire(0);
    yield* next.release(0);
    yield* mine.release(0);
  };

describe('deadlock', () => {
  const DEADLOCK = { detectors: ['deadlock'] } as const;

  test('two locks in opposite orders: who waits for what, held by whom', () => {
    const { findings } = detectBare([embrace(A, B, 2), embrace(B, A, 2)], DEADLOCK);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toMatch(
      /^deadlock: (hart \d) waits since cycle [\d,]+ for the lock at 0x0000(9000|9040), which (hart \d) holds; \3 waits since cycle [\d,]+ for the lock at 0x0000(9000|9040), which \1 holds$/,
    );
  });

  test('three locks in a circle', () => {
    const { short } = detectBare([embrace(A, B, 3), embrace(B, C, 3), embrace(C, A, 3)], DEADLOCK);
    expect(short).toHaveLength(1);
    expect(short[0]?.split(',')).toHaveLength(3);
  });

  test('a lock that its holder takes again', () => {
    const { findings } = detectBare([() => nested(A, A)], DEADLOCK);
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^deadlock: hart 0 waits .* which it holds itself$/),
    ]);
  });

  test('none where all take them in one order', () => {
    const { short, stop } = detectBare([() => nested(A, B), () => nested(A, B)], DEADLOCK, true);
    expect({ short, stop }).toEqual({ short: [], stop: { kind: 'finished' } });
  });

  test('a holder that never lets go is named when the run ends', () => {
    function* holder(word: number): Code<number> {
      yield* new FutexMutex(word).acquire();
      return 0;
    }
    const { findings, stop } = detectUser(function* (env: Env) {
      const word = yield* page();
      yield* joinThread(env, yield* spawnThread(holder, word, 1));
      yield* new FutexMutex(word).acquire();
    }, DEADLOCK);
    expect(stop.kind).toBe('deadlock');
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^at the end: process 1 thread 1 waits .* which process 1 thread 2 holds$/),
    ]);
  });

  test('two threads that join each other', () => {
    function* joiner(other: number): Code<number> {
      yield* threadJoin(other, 0);
      return 0;
    }
    const { findings } = detectUser(function* () {
      yield* threadJoin(yield* spawnThread(joiner, 1, 1), 0);
    }, DEADLOCK);
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/for the end of process 1 thread .* for the end of process 1 thread /),
    ]);
  });
});

function* page(): Code<number> {
  return yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
}

describe('lock order', () => {
  const ORDER = { detectors: ['lock-order'] } as const;

  test('both orders, one after the other: no deadlock, yet a finding', () => {
    const { findings, stop } = detectBare([() => nested(A, B), () => nested(B, A)], ORDER);
    expect(stop.kind).toBe('finished');
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^locks in both orders: hart 1 wanted the lock at 0x00009000 while it held the lock at 0x00009040 \(cycle [\d,]+\); hart 0 wanted the lock at 0x00009040 while it held/,
      ),
    ]);
  });

  test('a circle of three', () => {
    const { short } = detectBare([() => nested(A, B), () => nested(B, C), () => nested(C, A)], ORDER);
    expect(short).toEqual(['lock-order hart 2, hart 0, hart 1']);
  });

  test.each<[string, (() => Code)[]]>([
    ['one order', [() => nested(A, B, C), () => nested(A, C), () => nested(B, C)]],
    ['both orders under one lock', [() => nested(C, A, B), () => nested(C, B, A)]],
    [
      'both orders by one thread alone',
      [
        function* () {
          yield* nested(A, B);
          yield* nested(B, A);
        },
        () => nested(C),
      ],
    ],
    [
      'one lock after the other',
      [
        function* () {
          yield* nested(A);
          yield* nested(B);
        },
        function* () {
          yield* nested(B);
          yield* nested(A);
        },
      ],
    ],
  ])('nothing for %s', (_what, programs) => {
    expect(detectBare(programs, ORDER).short).toEqual([]);
  });

  test('readers of a lock hold it together; a writer that waits for one of them is in the circle', () => {
    const read = function* (): Code {
      yield mark(MARK.lockAcquired, 0x9200);
      yield work(1);
    };
    const reader = (next: Lock) =>
      function* (): Code {
        yield* read();
        yield* next.acquire(0);
      };
    const writer = function* (): Code {
      yield* A.acquire(0);
      yield mark(MARK.lockWanted, 0x9200);
      yield pause();
    };
    // Hart 1, the writer, has A and wants what harts 0 and 2 read; hart 2 then wants A.
    const { short } = detectBare([read, writer, reader(A)], { detectors: ['deadlock'] });
    expect(short).toEqual(['deadlock hart 2, hart 1']);
  });

  describe('of the kernel', () => {
    const machine = new Machine(presetConfig('smp', { harts: 2, set: { memoryPerNode: 8 << 20 } }));
    const stride = (hart: number): number => LOCALS + hart * machine.peek(LOCALS + HART.stride);
    bootKernel(machine, {
      *entry() {
        for (;;) yield pause();
      },
      parameters: [],
    });
    machine.run({ instructions: 20_000 });

    /** A hart takes the second lock while it holds the first. */
    const take = (detection: Detection, hart: number, first: number, second: number): void => {
      const seen = { kind: 'mark', hart, context: 100 + hart, user: false, cycle: 1, b: 0 } as const;
      for (const lock of [first, second])
        for (const what of [MARK.lockWanted, MARK.lockAcquired])
          detection.event({ ...seen, mark: what, a: lock });
      for (const lock of [second, first]) detection.event({ ...seen, mark: MARK.lockReleased, a: lock });
    };
    const orders = (...taken: readonly (readonly [number, number, number])[]): readonly string[] => {
      const detection = new Detection(machine, { bare: false, detectors: ['lock-order'] });
      for (const [hart, first, second] of taken) take(detection, hart, first, second);
      return detection.finish(false).map(({ message }) => message);
    };
    const runLock = (hart: number): number => stride(hart) + HART.runLock;
    const refLock = (hart: number): number => stride(hart) + HART.refLock;

    test('locks go by their classes, whoever takes them', () => {
      expect(
        orders([0, runLock(0), refLock(0)], [0, PROCESS_TABLE, runLock(1)], [0, refLock(1), runLock(1)]),
      ).toEqual([
        expect.stringMatching(
          /^locks in both orders: .* wanted a lock of the class 'hart run queue \(lock\)' while it held a lock of the class 'hart references \(lock\)'/,
        ),
      ]);
    });

    test('locks of one class are told apart', () => {
      expect(orders([0, runLock(0), runLock(1)], [1, runLock(0), runLock(1)])).toEqual([]);
      expect(orders([0, runLock(0), runLock(1)], [1, runLock(1), runLock(0)])).toHaveLength(1);
    });
  });

  test('threads of a process', () => {
    function* opposite(word: number): Code<number> {
      yield* nested(new FutexMutex(word + 64), new FutexMutex(word));
      return 0;
    }
    const { short } = detectUser(function* (env: Env) {
      const word = yield* page();
      yield* nested(new FutexMutex(word), new FutexMutex(word + 64));
      yield* joinThread(env, yield* spawnThread(opposite, word, 1));
    }, ORDER);
    expect(short).toEqual(['lock-order process 1 thread 2, process 1 thread 1']);
  });
});
