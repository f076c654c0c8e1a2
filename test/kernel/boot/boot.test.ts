import { describe, expect, test } from 'vitest';
import { type Code, load } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { THREAD_BLOCK } from '../../../kernel/abi/index.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { check, expectStatus, MACHINES, sys } from '../run.ts';

function* nothing(): Code {}

function* looksAround(argument: number, block: number): Code<number> {
  yield* check(argument, 0, 1);
  yield* check(yield load(block + THREAD_BLOCK.THREAD), 1, 2);
  yield* check(yield load(block + THREAD_BLOCK.PROCESS), 1, 3);
  yield* check(yield load(block + THREAD_BLOCK.HART), yield sys('currentHart'), 4);
  yield* check(yield load(block + THREAD_BLOCK.NODE), yield sys('currentNode'), 5);
  yield* check(yield load(block + THREAD_BLOCK.HARTS), yield sys('hartCount'), 6);
  yield* check(yield sys('currentProcess'), 1, 7);
  yield* check(yield sys('currentThread'), 1, 8);
  yield* check(yield load(block + THREAD_BLOCK.PARAMETERS), 2, 9);
  yield* check(yield load(block + THREAD_BLOCK.PARAMETER), 11, 10);
  yield* check(yield load(block + THREAD_BLOCK.PARAMETER + 4), -22, 11);
  const before = yield sys('clock');
  const after = yield sys('clock');
  return after > before ? 0 : 12;
}

describe.each(MACHINES)('on $preset with $harts harts', (machine) => {
  test('a program that does nothing ends with status 0 and leaves nothing behind', () => {
    expectStatus(0, nothing, machine);
  });

  test('the first thread finds its thread block and the facts that the system calls tell', () => {
    expectStatus(0, looksAround, { ...machine, parameters: [11, -22] });
  });
});

test('1,024 harts boot', () => {
  expectStatus(0, nothing, { harts: 1024, set: { memoryPerNode: 2 << 20 } });
});

test('long and short cache lines are zeroed right', () => {
  for (const line of [16, 32, 128]) expectStatus(0, nothing, { set: { l1: { size: 8192, ways: 2, line } } });
});

test('what cannot be booted is refused in one line', () => {
  const boot = (harts: number, options: object, parameters: number[] = []): (() => void) => {
    const machine = new Machine(presetConfig('smp', { harts }));
    return () => bootKernel(machine, { entry: nothing, options, parameters });
  };
  expect(boot(1, { scheduler: 'lottery' })).toThrow('there is no scheduling policy "lottery"');
  expect(boot(1, { slice: 0 })).toThrow('slice');
  expect(boot(1, {}, Array(17).fill(0))).toThrow('at most 16 parameters');
});
