/**
 * A program may write into a kernel block, through a system call that copies what it passes, the very words by which the
 * heap knows a free block. Nothing comes of it, whatever the other harts do meanwhile.
 */
import { expect, test } from 'vitest';
import { addressOf, type Code, load, MARK, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { LIMIT, THREAD_BLOCK } from '../../../kernel/abi/index.ts';
import { bootKernel, checkInvariants, type KernelOptions } from '../../../kernel/index.ts';
import { freeMark, USER_BYTES } from '../../../kernel/memory/layout.ts';
import { sys } from '../run.ts';
import { HEAP_OPTIONS } from './on-kernel.ts';

const HARTS = 4;
const CALLS = 12;
/** As large as the blocks that are to be met again. */
const BYTES = 200;
const PARAMETERS = 8;

/** Writes the marks of the blocks that it was told of, one after the other, from every hart. */
function* forge(_: number, block: number): Code<number> {
  const guesses = yield load(block + THREAD_BLOCK.PARAMETERS);
  const text = block - 512;
  for (let call = 0; call < CALLS; call++) {
    const guess = guesses === 0 ? 0 : yield load(block + THREAD_BLOCK.PARAMETER + 4 * (call % guesses));
    for (let offset = 0; offset < BYTES; offset += 4) yield store(text + offset, freeMark(guess));
    yield sys('consoleWrite', text, BYTES);
  }
  return 0;
}

function* first(argument: number, block: number): Code<number> {
  for (let hart = 1; hart < HARTS; hart++) yield sys('threadSpawn', yield addressOf(forge), 0, hart);
  yield* forge(argument, block);
  for (let thread = 2; thread <= HARTS; thread++) yield sys('threadJoin', thread, 0);
  return 0;
}

/** Runs the program; gives the blocks that its writes were copied into, and how it ended. */
function run(guesses: readonly number[], options: KernelOptions) {
  const machine = new Machine(presetConfig('cc-numa', { harts: HARTS, set: { memoryPerNode: 4 << 20 } }));
  const blocks = new Set<number>();
  machine.trace.attach({
    event: (event) => {
      if (event.kind === 'mark' && event.mark === MARK.allocated && event.b === USER_BYTES + BYTES + 4)
        blocks.add(event.a);
    },
  });
  bootKernel(machine, { entry: first, parameters: guesses, options });
  return { stop: machine.run(), blocks: [...blocks], machine };
}

test.each(HEAP_OPTIONS)('with %j', (options) => {
  expect(BYTES).toBeLessThan(LIMIT.CONSOLE);
  const { blocks } = run([], options);
  expect(blocks.length).toBeGreaterThan(0);
  const guesses = blocks.slice(0, PARAMETERS);
  const { stop, blocks: met, machine } = run(guesses, options);
  expect(met.filter((block) => guesses.includes(block)).length).toBeGreaterThan(0);
  expect(stop).toEqual({ kind: 'halted', status: 0 });
  expect(checkInvariants(machine).filter(({ ok }) => !ok)).toEqual([]);
});
