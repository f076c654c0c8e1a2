/**
 * Why plain reads and writes do not make a lock so easily: every execution of two threads that add to a counter,
 * with a load and a store, under locks that have no atomic instruction. Each thread takes the lock once or twice,
 * and waiting parks a hart until what it watches changes, so there are finitely many executions.
 */
import { describe, expect, test } from 'vitest';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { everyExecution, type Exploration } from '../../../lab/explore/every-execution.ts';
import { BakeryLock, type NumberedLock, PetersonLock } from '../../../userland/sync/index.ts';
import { AnnounceThenLook } from '../../zoo/from-reads-and-writes/announce-then-look.ts';
import { LookThenTake } from '../../zoo/from-reads-and-writes/look-then-take.ts';

const COUNT = 0x1000;
const LOCK = 0x2000;
/** The machine is built anew for each execution. */
const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 1024, ways: 2, line: 64 },
  disk: { blocks: 8, seek: 0, transfer: 1 },
} as const;
const MODELS = { sc: 0, tso: 4 } as const;
type Model = keyof typeof MODELS;

interface Outcome extends Exploration {
  /** How the executions ended, and what they counted, each once. */
  readonly ends: readonly string[];
}

function* adder(lock: NumberedLock, me: number, times: number): Code {
  for (let time = 0; time < times; time++) {
    yield* lock.acquire(me);
    const count = yield load(COUNT);
    yield store(COUNT, count + 1);
    yield* lock.release(me);
  }
}

/**
 * Runs every execution, or all until the first bad one.
 * @param times how often each thread takes the lock
 */
function explore(
  lock: NumberedLock,
  times: readonly number[],
  model: Model,
  { untilBad = false } = {},
): Outcome {
  const all = times.reduce((sum, own) => sum + own);
  const good = `finished ${all} of ${all}`;
  const ends = new Set<string>();
  const exploration = everyExecution(
    () => {
      const machine = new Machine(
        presetConfig('smp', { harts: times.length, set: { ...SMALL, storeBuffer: MODELS[model] } }),
      );
      times.forEach((own, me) => machine.start(me, () => adder(lock, me, own)));
      return machine;
    },
    (machine, stop) => {
      const end = `${stop.kind} ${machine.peek(COUNT)} of ${all}`;
      ends.add(end);
      return !untilBad || end === good;
    },
  );
  return { ...exploration, ends: [...ends].toSorted() };
}

/** How often each of the two threads takes the lock. */
const TIMES: [number, number][] = [
  [1, 1],
  [2, 1],
];
if (process.env['EDDY_DEEP']) TIMES.push([2, 2]);

const BARE = { fences: false } as const;
const LOCKS = {
  Peterson: (options?: typeof BARE): NumberedLock => new PetersonLock(LOCK, options),
  bakery: (options?: typeof BARE): NumberedLock => new BakeryLock(LOCK, 2, options),
};

describe.each(Object.entries(LOCKS))('the %s lock', (_name, make) => {
  test.each(TIMES)(
    'excludes in all executions under sc, without fences, taken %i and %i times',
    (...times) => {
      const all = times[0] + times[1];
      expect(explore(make(BARE), times, 'sc')).toMatchObject({
        exhausted: true,
        ends: [`finished ${all} of ${all}`],
      });
    },
    120_000,
  );

  test('does not under tso, without fences', () => {
    const outcome = explore(make(BARE), [1, 1], 'tso', { untilBad: true });
    expect(outcome.ends).toContain('finished 1 of 2');
  });

  test.each(TIMES)(
    'excludes under tso with its fences, taken %i and %i times',
    (...times) => {
      const all = times[0] + times[1];
      expect(explore(make(), times, 'tso')).toMatchObject({
        exhausted: true,
        ends: [`finished ${all} of ${all}`],
      });
    },
    120_000,
  );
});

describe('broken attempts', () => {
  test('to look, then take, lets both in', () => {
    expect(explore(new LookThenTake(LOCK), [1, 1], 'sc')).toMatchObject({
      exhausted: true,
      ends: ['finished 1 of 2', 'finished 2 of 2'],
    });
  });

  test('to announce, then look, never lets both in, but may let neither in', () => {
    expect(explore(new AnnounceThenLook(LOCK), [2, 2], 'sc')).toMatchObject({
      exhausted: true,
      ends: ['deadlock 0 of 4', 'deadlock 1 of 4', 'deadlock 2 of 4', 'finished 4 of 4'],
    });
  });
});
