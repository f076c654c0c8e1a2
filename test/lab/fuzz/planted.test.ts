import { expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { SYSCALLS } from '../../../kernel/abi/index.ts';
import { drawCase } from '../../../lab/fuzz/draw-case.ts';
import { formatCase, parseCase } from '../../../lab/fuzz/case-text.ts';
import type { FuzzCase } from '../../../lab/fuzz/fuzz-case.ts';
import { runCase } from '../../../lab/fuzz/run-case.ts';
import { type FailedCase, shrinkCase } from '../../../lab/fuzz/shrink-case.ts';
import { seededDice } from '../../../lab/testing/programs/dice.ts';
import { ProgramDrawer } from '../../../lab/testing/programs/draw.ts';
import { operationCount } from '../../../lab/testing/programs/user-program.ts';
import { type Planted, PLANTED } from './planted.ts';

const MOST_CASES = process.env['EDDY_DEEP'] ? 20_000 : 1500;
/** Runs for the shrinking of one failure. */
const RUNS = process.env['EDDY_DEEP'] ? 4000 : 200;

/** The first case of seed 1 that fails, with a program of these calls on a usual machine. */
function firstFailure(calls: readonly string[]): FailedCase | undefined {
  const drawer = new ProgramDrawer({ calls: SYSCALLS.filter(({ name }) => calls.includes(name)) });
  for (let index = 0; index < MOST_CASES; index++) {
    const { schedule } = drawCase(1, index);
    const config = presetConfig('cc-numa', { harts: 4, seed: index, set: { memoryPerNode: 1 << 19 } });
    const program = drawer.draw(seededDice(index));
    const fuzz: FuzzCase = { config, kernelOptions: {}, faults: [], schedule, program };
    const { failure } = runCase(fuzz);
    if (failure !== undefined) return { fuzz, failure };
  }
  return undefined;
}

test.each(PLANTED)('it is found that $name', ({ plant, shows, calls, operations }: Planted) => {
  const mend = plant();
  try {
    const failed = firstFailure(calls);
    expect(failed?.failure.invariant).toMatch(shows);
    if (failed === undefined) return;
    const least = shrinkCase(failed, undefined, RUNS);
    const text = formatCase(least.fuzz);
    expect(operationCount(least.fuzz.program), text).toBeLessThanOrEqual(operations);
    // What is printed fails in the same way.
    expect(runCase(parseCase(text)).failure, text).toEqual(least.failure);
  } finally {
    mend();
  }
});
