/**
 * Wild numbers, pointers, lengths and flags in any system call give an error code or a sensible result, never
 * a panic; and the kernel keeps its invariants. A program is a list of calls, given to the first process as parameters.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, type Code, environmentCall, load } from '../../../hw/isa/index.ts';
import {
  type ArgumentKind,
  errorName,
  MAX_PARAMETERS,
  SYSCALL,
  SYSCALLS,
  THREAD_BLOCK,
} from '../../../kernel/abi/index.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { run, sys } from '../run.ts';

const word = fc.oneof(
  fc.constantFrom(
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    15,
    16,
    64,
    -1,
    -2,
    -4096,
    0x7fffffff,
    -0x80000000,
    0x7ffffffc,
    4095,
    4096,
    4097,
  ),
  fc.integer(),
);

const KINDS: Readonly<Record<ArgumentKind, fc.Arbitrary<number>>> = {
  address: fc.oneof(
    fc.constantFrom(
      0x10000,
      0x10004,
      0x11000,
      0x13ffe,
      0x6fffe000,
      0x6fffeffc,
      0x70000000,
      0x6fff_fffc,
      0x2000,
      0x7f00_0000,
    ),
    word,
  ),
  length: fc.oneof(fc.constantFrom(1, 4096, 8192, 16384, 1024, 1025), word),
  code: fc.oneof(fc.constantFrom(0xf000_0000 | 0, 0xf000_0010 | 0, 0xf000_0020 | 0), word),
  word,
  thread: fc.oneof(fc.integer({ min: 0, max: 4 }), word),
  process: fc.oneof(fc.integer({ min: 0, max: 4 }), word),
  hart: fc.oneof(fc.integer({ min: -2, max: 4 }), word),
  cycles: fc.oneof(fc.integer({ min: 0, max: 5000 }), word),
  flags: fc.oneof(fc.integer({ min: 0, max: 63 }), word),
  rights: fc.oneof(fc.integer({ min: 0, max: 4 }), word),
  block: fc.oneof(fc.integer({ min: 0, max: 100 }), word),
  count: fc.oneof(fc.integer({ min: 0, max: 5 }), word),
  counter: fc.oneof(fc.integer({ min: 0, max: 4096 }), fc.integer({ min: 4096, max: 16384 }), word),
  grant: word,
  mutex: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  rwlock: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  condition: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  semaphore: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  barrier: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  sync: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  port: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  binding: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  message: fc.oneof(fc.integer({ min: 0, max: 1028 }), word),
  sizes: fc.oneof(fc.constantFrom(0, 0x0004_0004, 0x0400_0400, 0x0404_0000), word),
  exported: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  lrpcBinding: fc.oneof(fc.integer({ min: 0, max: 16384 }), word),
  procedure: fc.oneof(fc.integer({ min: 0, max: 17 }), word),
  priority: fc.oneof(fc.integer({ min: -1, max: 32 }), word),
  policy: fc.oneof(fc.integer({ min: 0, max: 2 }), word),
};

/** One call: number and three words, so that five fit into the parameters. */
const wildCall = fc.oneof(
  ...SYSCALLS.map((row) => {
    const kinds = Array.from({ length: 3 }, (_, index) => KINDS[row.arguments[index]?.kind ?? 'word']) as [
      fc.Arbitrary<number>,
      fc.Arbitrary<number>,
      fc.Arbitrary<number>,
    ];
    return fc.tuple(fc.constant<number>(row.number), ...kinds);
  }),
  fc.tuple(word, word, word, word),
);

const CALLS = 3;
const WORDS = 4;

/** Status of a program that got an error which the table does not promise. */
const UNDECLARED = 99;

const isDeclared = (number: number, result: number): boolean => {
  const errors: readonly string[] = SYSCALLS.find((row) => row.number === number)?.errors ?? ['ENOSYS'];
  return errors.includes(errorName(result));
};

/** Makes the calls that its parameters hold. */
function* first(_: number, block: number): Code<number> {
  // A mapping at a known place, whose addresses the wild calls know.
  yield sys('mmap', 0x10000, 4 * 4096, 3, 0);
  yield sys('threadSpawn', yield addressOf(helper), 0, -1);
  const count = (yield load(block + THREAD_BLOCK.PARAMETERS)) / WORDS;
  for (let index = 0; index < count; index += 1) {
    const at = block + THREAD_BLOCK.PARAMETER + 4 * WORDS * index;
    const number = yield load(at);
    const result = yield environmentCall(number, yield load(at + 4), yield load(at + 8), yield load(at + 12));
    if (result < 0 && !isDeclared(number, result)) yield sys('exit', UNDECLARED);
  }
  return 0;
}

/** Ends the process after a while, whatever the first thread waits for. */
function* helper(): Code {
  yield sys('sleep', 200_000);
  yield environmentCall(SYSCALL.exit, 0);
}

test('wild arguments to every system call do no harm', () => {
  fc.assert(
    fc.property(
      fc.array(wildCall, { minLength: CALLS, maxLength: MAX_PARAMETERS / WORDS }),
      fc.constantFrom('cc-numa' as const, 'smp' as const),
      fc.integer({ min: 1, max: 100 }),
      (calls, preset, seed) => {
        const { machine, stop } = run(first, {
          preset,
          seed,
          harts: 3,
          parameters: calls.flat(),
          set: { memoryPerNode: 2 << 20 },
        });
        expect(stop.kind).toBe('halted');
        expect(stop).not.toMatchObject({ status: UNDECLARED });
        expect(checkInvariants(machine).filter(({ ok }) => !ok)).toEqual([]);
      },
    ),
    { seed: 2, numRuns: 300 },
  );
});

test('every call number around the table gives ENOSYS or is in the table', () => {
  fc.assert(
    fc.property(fc.integer(), (number) => {
      fc.pre(!SYSCALLS.some((row) => row.number === number));
      expect(run(asksFor, { harts: 1, parameters: [number] }).stop).toEqual({ kind: 'halted', status: 38 });
    }),
    { seed: 3, numRuns: 20 },
  );
});

function* asksFor(_: number, block: number): Code<number> {
  return -(yield environmentCall(yield load(block + THREAD_BLOCK.PARAMETER)));
}
