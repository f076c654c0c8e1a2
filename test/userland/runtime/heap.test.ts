import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Code,
  Heap,
  joinThread,
  LIMIT,
  load,
  program,
  spawnThread,
  store,
} from '../../../userland/index.ts';
import { KERNEL_TRIALS, runUnderKernel } from '../kernel-run.ts';

const EXITED = { kind: 'halted', status: 0 };
const ONE_HART = { preset: 'smp', harts: 1 };
/** Sizes around every class, and beyond the largest. */
const size = fc.oneof(
  fc.constantFrom(1, 16, 17, 32, 64, 128, 512, 1024, 1984, 1985, 4032, 4033, 9000),
  fc.integer({ min: 1, max: 3000 }),
);

/** Runs the main procedure as a program of its own. */
const run = (main: (heap: Heap) => Code) =>
  runUnderKernel(
    program({
      name: 'heap-test',
      summary: 'A test',
      *main() {
        yield* main(yield* Heap.create());
      },
    }),
    ONE_HART,
  );

test('blocks never overlap, are aligned, and keep what was written while others come and go', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ size, free: fc.nat() }), { maxLength: 60 }), (commands) => {
      const live: { address: number; size: number; tag: number }[] = [];
      const outcome = run(function* (heap) {
        for (const [tag, command] of commands.entries()) {
          const address = yield* heap.malloc(command.size);
          expect(address).toBeGreaterThan(0);
          expect(address % (command.size > 32 ? 64 : 16)).toBe(0);
          for (const other of live) {
            expect(address + command.size <= other.address || other.address + other.size <= address).toBe(
              true,
            );
          }
          yield store(address, tag);
          yield store(address + ((command.size - 1) & -4), tag);
          live.push({ address, size: command.size, tag });
          if (command.free % 2 === 0) {
            const [gone] = live.splice(command.free % live.length, 1);
            expect(yield load(gone!.address)).toBe(gone!.tag);
            expect(yield load(gone!.address + ((gone!.size - 1) & -4))).toBe(gone!.tag);
            yield* heap.free(gone!.address);
          }
        }
      });
      expect(outcome).toEqual({ stop: EXITED, lines: [] });
    }),
    { numRuns: 30 },
  );
});

test('a freed block is used again', () => {
  const addresses: number[] = [];
  const outcome = run(function* (heap) {
    for (let round = 0; round < 3; round++) {
      const block = yield* heap.malloc(100);
      addresses.push(block);
      yield* heap.free(block);
    }
  });
  expect(outcome.stop).toEqual(EXITED);
  expect(new Set(addresses).size).toBe(1);
});

test('the heap grows beyond its first chunk', () => {
  const blocks = new Set<number>();
  const outcome = run(function* (heap) {
    for (let i = 0; i < 150; i++) blocks.add(yield* heap.malloc(2000));
  });
  expect(outcome.stop).toEqual(EXITED);
  expect(blocks.size).toBe(150);
});

test.each([
  ['that lies inside a block', 8],
  ['of the heap itself', -LIMIT.PAGE],
])('freeing an address %s ends the program with an exception', (_what, offset) => {
  const outcome = run(function* (heap) {
    const block = yield* heap.malloc(64);
    yield* heap.free(block + offset);
  });
  expect(outcome.stop).toEqual({ kind: 'halted', status: -24 });
});

/** Takes and frees blocks of changing sizes, writing its own number into each. Gives how many were disturbed. */
function* allocator(heapAddress: number, block: number): Code<number> {
  const heap = new Heap(heapAddress);
  let disturbed = 0;
  let held = 0;
  for (let round = 0; round < 30; round++) {
    const address = yield* heap.malloc(16 << (round % 7));
    yield store(address, block);
    if (held !== 0) {
      if ((yield load(held)) !== block) disturbed++;
      yield* heap.free(held);
    }
    held = address;
  }
  return disturbed;
}

test.each(KERNEL_TRIALS)(
  'threads share a heap without disturbing each other: $preset, $harts harts',
  (trial) => {
    const shared = program({
      name: 'shared-heap',
      summary: 'A test',
      *main(env) {
        const heap = yield* Heap.create();
        const threads: number[] = [];
        for (let i = 0; i < 6; i++) threads.push(yield* spawnThread(allocator, heap.address));
        let disturbed = 0;
        for (const thread of threads) disturbed += yield* joinThread(env, thread);
        return disturbed;
      },
    });
    expect(runUnderKernel(shared, trial)).toEqual({ stop: EXITED, lines: [] });
  },
);
