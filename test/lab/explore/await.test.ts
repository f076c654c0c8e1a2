import { describe, expect, test } from 'vitest';
import {
  awaitCompareAndSwap,
  awaitTestAndSet,
  type Code,
  fetchAndAdd,
  load,
  spinUntil,
  store,
  testAndSet,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { everyExecution } from '../../../lab/explore/every-execution.ts';

const LOCK = 0x1000;
const COUNT = 0x2000;
const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 1024, ways: 2, line: 64 },
  disk: { blocks: 8, seek: 0, transfer: 1 },
};

const build = (harts: number, program: (hart: number) => Code) => (): Machine => {
  const machine = new Machine(presetConfig('smp', { harts, set: SMALL }));
  for (let hart = 0; hart < harts; hart++) machine.start(hart, program, hart);
  return machine;
};

/** Adds 1 to the counter with a load and a store, under a lock. */
const counting = (acquire: () => Code) =>
  function* (): Code {
    yield* acquire();
    const value = yield load(COUNT);
    yield store(COUNT, value + 1);
    yield store(LOCK, 0);
  };

describe('a search of every schedule', () => {
  test.each([
    [
      'test-and-set',
      function* () {
        yield awaitTestAndSet(LOCK);
      },
    ],
    [
      'compare-and-swap',
      function* () {
        yield awaitCompareAndSwap(LOCK, 0, 1);
      },
    ],
  ] as [string, () => Code][])(
    'ends for a lock taken by %s until it succeeds, and finds no lost count',
    (_, acquire) => {
      const counts = new Set<number>();
      const { exhausted, executions } = everyExecution(build(3, counting(acquire)), (machine, stop) => {
        expect(stop.kind).toBe('finished');
        counts.add(machine.peek(COUNT));
      });
      expect(exhausted).toBe(true);
      expect(executions).toBeGreaterThan(5);
      expect([...counts]).toEqual([3]);
    },
  );

  test('finds the lost count of a lock that is tested and then set', () => {
    const counts = new Set<number>();
    everyExecution(
      build(
        2,
        counting(function* () {
          yield spinUntil(LOCK, 0);
          yield store(LOCK, 1);
        }),
      ),
      (machine) => void counts.add(machine.peek(COUNT)),
    );
    expect([...counts].toSorted()).toEqual([1, 2]);
  });

  test('finds the deadlock of two locks taken in both orders', () => {
    const other = LOCK + 64;
    const stops = new Set<string>();
    everyExecution(
      build(2, function* (hart) {
        const [first, second] = hart === 0 ? [LOCK, other] : [other, LOCK];
        yield awaitTestAndSet(first);
        yield awaitTestAndSet(second);
        yield store(second, 0);
        yield store(first, 0);
      }),
      (_, stop) => void stops.add(stop.kind),
    );
    expect([...stops].toSorted()).toEqual(['deadlock', 'finished']);
  });

  test('sees each order of three atomic additions once', () => {
    const { executions } = everyExecution(
      build(3, function* (hart) {
        yield store(COUNT + 64 * hart, yield fetchAndAdd(LOCK, 1));
      }),
      () => true,
    );
    expect(executions).toBe(6);
  });

  test('stops where it is told to', () => {
    const { executions, exhausted } = everyExecution(
      build(3, function* () {
        yield testAndSet(LOCK);
      }),
      () => true,
      { limit: 2 },
    );
    expect([executions, exhausted]).toEqual([2, false]);
  });
});

test('in time, an awaited atomic instruction tries again and again', () => {
  const machine = build(2, function* (hart) {
    if (hart === 0) {
      yield store(LOCK, 1);
      yield spinUntil(COUNT, 1);
      yield store(LOCK, 0);
    } else {
      yield spinUntil(LOCK, 1);
      yield store(COUNT, 1);
      yield awaitTestAndSet(LOCK);
    }
  })();
  expect(machine.run()).toEqual({ kind: 'finished' });
  expect(machine.peek(LOCK)).toBe(1);
});
