/** A crash test: whenever the power fails, what the disk says is committed is there. */
import { fc, powerLosses, runKernel, type Startable } from 'eddy-os/testing';
import { type Code, LIMIT, load, MAP, mmap, munmap, store } from 'eddy-os/userland';
import { expect, test } from 'vitest';

const DATA = 0;
const COMMITTED = 8;

/** The first words of the pages from a block on; munmap returns when what was stored is on the disk. */
function* put(block: number, pages: number, word: number): Code {
  const extent = yield* mmap(0, pages * LIMIT.PAGE, MAP.READ | MAP.WRITE | MAP.DISK, block);
  for (let at = extent; at < extent + pages * LIMIT.PAGE; at += LIMIT.PAGE) yield store(at, word);
  yield* munmap(extent, pages * LIMIT.PAGE);
}

function* get(block: number): Code<number> {
  return yield load(yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.DISK, block));
}

const saves = (...order: readonly number[]): Startable =>
  function* () {
    for (const block of order) yield* put(block, 1, 42);
    return 0;
  };

function* recovers(): Code<number> {
  return (yield* get(COMMITTED)) === 0 || (yield* get(DATA)) === 42 ? 0 : 1;
}

/** Loses the power somewhere in a run, and looks at the disk with a machine that has none of its faults. */
const survives = (program: Startable) =>
  fc.property(powerLosses({ cycles: 150_000 }), (fault) => {
    const { disk } = runKernel(program, { faults: [fault] });
    expect(runKernel(recovers, { disk }).stop).toEqual({ kind: 'halted', status: 0 });
  });

test('data that is written before it is committed survives', () => {
  fc.assert(survives(saves(DATA, COMMITTED)), { numRuns: 30, seed: 1 });
});

test('data that is committed before it is written does not', () => {
  const { counterexample } = fc.check(survives(saves(COMMITTED, DATA)), { numRuns: 60, seed: 1 });
  expect(counterexample).toMatchObject([{ kind: 'powerLoss', after: 'cycles' }]);
});
