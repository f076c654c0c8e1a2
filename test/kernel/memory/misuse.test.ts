/** Misuse of the kernel heap stops the kernel at once, with a name; what only looks like misuse does not. */
import { describe, expect, test } from 'vitest';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { allocate, allocateGlobal, allocateLocal, free } from '../../../kernel/memory/heap.ts';
import { FREE_BLOCK, freeMark } from '../../../kernel/memory/layout.ts';
import { LARGEST_BLOCK } from '../../../kernel/memory/size-class.ts';
import { PANICS } from '../../../kernel/panics.ts';
import { roundUp } from '../../../kernel/struct.ts';
import { allocateFrame } from '../../../kernel/vm/dsm.ts';
import { SlicesArbiter } from '../objects/slices.ts';
import { here, HEAP_OPTIONS, inTurn, onKernel } from './on-kernel.ts';

type Panic = (typeof PANICS)[number]['name'];

/** Where the programs of one test leave a block for each other: a page that belongs to nobody. */
const NOTE = 0x10;

function* leaves(bytes: number): Code {
  yield store(NOTE, yield* allocate(yield* here(), bytes));
}

function* frees(): Code {
  yield* free(yield load(NOTE));
}

/** How programs end on harts 0 and 1 of one node and harts 2 and 3 of another; the name of the panic if they do. */
function ending(options: (typeof HEAP_OPTIONS)[number], ...turns: [number, () => Code][]): string {
  const { machine } = onKernel({ harts: 4, nodes: 2, options });
  const stop = inTurn(machine, turns);
  if (stop.kind !== 'panic') return stop.kind;
  return PANICS.find(({ code }) => code === stop.code)?.name ?? String(stop.code);
}

/** How it ends when hart 0 and another one free one block at the same time, by a schedule. */
function endingOfTwo(options: (typeof HEAP_OPTIONS)[number], other: number, seed: number): string {
  const { machine } = onKernel({ harts: 4, nodes: 2, options });
  inTurn(machine, [[0, () => leaves(64)]]);
  for (const hart of [0, other]) machine.start(hart, frees);
  const stop = machine.runArbitrated(new SlicesArbiter(seed, 6), 100_000);
  return stop.kind === 'panic'
    ? (PANICS.find(({ code }) => code === stop.code)?.name ?? String(stop.code))
    : stop.kind;
}

const named = (name: Panic): string => name;

describe.each(HEAP_OPTIONS)('with %j', (options) => {
  describe('a block is freed twice', () => {
    test.each([16, 64, 500, 2000])('by the same hart, %i bytes', (bytes) => {
      const end = ending(options, [0, () => leaves(bytes)], [0, frees], [0, frees]);
      expect(end).toBe(named('freedTwice'));
    });
    test('by another hart of the node', () => {
      expect(ending(options, [0, () => leaves(64)], [0, frees], [1, frees])).toBe('freedTwice');
    });
    test('by a hart of another node', () => {
      expect(ending(options, [0, () => leaves(64)], [0, frees], [3, frees])).toBe('freedTwice');
      expect(ending(options, [0, () => leaves(64)], [3, frees], [0, frees])).toBe('freedTwice');
      expect(ending(options, [0, () => leaves(64)], [2, frees], [3, frees])).toBe('freedTwice');
    });
    test('when it has gone to the pool with its list, or into its page', () => {
      function* manyMore(): Code {
        const local = yield* here();
        const blocks: number[] = [];
        for (let index = 0; index < 200; index++) blocks.push(yield* allocate(local, 64));
        yield* frees();
        for (const block of blocks) yield* free(block);
      }
      expect(ending(options, [0, () => leaves(64)], [0, manyMore], [1, frees])).toBe('freedTwice');
    });
  });

  describe('what is freed is no block', () => {
    const foreign: readonly (readonly [string, () => Code<number>])[] = [
      [
        '0',
        function* () {
          return 0;
        },
      ],
      [
        'an address that is none',
        function* () {
          return -64;
        },
      ],
      ['a HART', here],
      [
        'a page frame',
        function* () {
          return (yield* allocateFrame(yield* here(), 0)) + 64;
        },
      ],
      [
        'a heap page',
        function* () {
          return (yield* allocate(yield* here(), 64)) & -4096;
        },
      ],
      [
        'the header of a heap page',
        function* () {
          return ((yield* allocate(yield* here(), 64)) & -4096) + 64;
        },
      ],
      [
        'the middle of a block',
        function* () {
          return (yield* allocate(yield* here(), 128)) + 64;
        },
      ],
    ];
    test.each(foreign)('%s', (_, address) => {
      function* program(): Code {
        yield* free(yield* address());
      }
      expect(ending(options, [0, program])).toBe(named('foreignBlock'));
    });
    test('a copy of a heap page', () => {
      function* copies(): Code {
        const local = yield* here();
        const block = yield* allocate(local, 64);
        const frame = yield* allocateFrame(local, 0);
        const page = block & -4096;
        for (let offset = 0; offset < 4096; offset += 4)
          yield store(frame + offset, yield load(page + offset));
        yield* free(frame + (block - page));
      }
      expect(ending(options, [0, copies])).toBe('foreignBlock');
    });
  });

  describe('what is freed was never handed out', () => {
    test('but is in the list at hand: a neighbour of one that was', () => {
      function* program(): Code {
        const block = yield* allocate(yield* here(), 56);
        yield* free(block + 64 > (block | 4095) ? block - 64 : block + 64);
      }
      expect(ending(options, [0, program])).toBe(named('freedTwice'));
    });
    test('and has not even been cut from its page', () => {
      function* program(): Code {
        yield* free(((yield* allocate(yield* here(), 56)) | 4095) - 63);
      }
      expect(ending(options, [0, program])).toBe(named('freedTwice'));
    });
  });

  test('two harts free a block at the same time', () => {
    const ends = new Set<string>();
    for (const other of [1, 2])
      for (let seed = 1; seed <= 20; seed += 1) ends.add(endingOfTwo(options, other, seed));
    expect([...ends]).toEqual([named('freedTwice')]);
  });

  test('a block is asked for that is too large', () => {
    function* greedy(): Code {
      yield* allocate(yield* here(), LARGEST_BLOCK + 1);
    }
    expect(ending(options, [0, greedy])).toBe(named('blockTooLarge'));
  });

  test('what a live block holds is no reason to take it for free', () => {
    function* forger(): Code {
      const local = yield* here();
      const mine = yield* allocate(local, 64);
      const other = yield* allocate(local, 64);
      for (const block of [mine, other]) {
        for (let offset = 0; offset < 56; offset += 4)
          if (offset !== FREE_BLOCK.mark) yield store(block + offset, freeMark(block));
      }
      yield* free(other);
      yield* free(mine);
    }
    expect(ending(options, [0, forger])).toBe('finished');
  });
});

describe('a block for one hart alone', () => {
  function* keeps(): Code {
    yield store(NOTE, yield* allocateLocal(16));
  }
  test.each([{}, { heapChecked: true }])('must not be freed by another, with %j', (options) => {
    expect(ending(options, [0, keeps], [1, frees])).toBe(named('freedElsewhere'));
    expect(ending(options, [0, keeps], [0, frees])).toBe('finished');
    expect(ending(options, [0, keeps], [0, frees], [0, frees])).toBe('freedTwice');
  });
});

describe.each([{ heapChecked: true }, { heap: 'global-spin', heapChecked: true }] as const)(
  'with %j',
  (options) => {
    test.each([1, 4, 24, 56, 100, 2000])(
      'a word behind the %i bytes that were asked for is noticed',
      (bytes) => {
        for (const offset of [0, 4]) {
          function* overruns(): Code {
            const block = yield load(NOTE);
            yield store(block + roundUp(bytes, 4) + offset, 1);
            yield* free(block);
          }
          expect(ending(options, [0, () => leaves(bytes)], [1, overruns])).toBe(named('blockOverrun'));
        }
      },
    );

    test('the red zone is named', () => {
      function* overruns(): Code {
        const block = yield* allocateGlobal(yield* here(), 24);
        yield store(block + 24, 1);
        yield* free(block);
      }
      expect(ending(options, [0, overruns])).toBe(named('blockOverrun'));
    });

    test('a write to a free block is noticed when it is taken again', () => {
      function* writes(): Code {
        const block = yield* allocate(yield* here(), 40);
        yield* free(block);
        yield store(block + 20, 1);
        yield* allocate(yield* here(), 40);
      }
      expect(ending(options, [0, writes])).toBe(named('usedAfterFree'));
    });

    test('a pointer that is read from a free block traps', () => {
      function* follows(): Code {
        const block = yield* allocate(yield* here(), 40);
        yield* free(block);
        yield load(yield load(block + 20));
      }
      expect(ending(options, [0, follows])).toBe(named('supervisorTrap'));
    });

    test('a block that is in use and comes from a free list is noticed', () => {
      function* program(): Code {
        const local = yield* here();
        const inUse = yield* allocate(local, 40);
        const head = yield* allocate(local, 40);
        yield* free(head);
        yield store(head, inUse);
        yield* allocate(local, 40);
        yield* allocate(local, 40);
      }
      expect(ending(options, [0, program])).toBe(named('usedTwice'));
    });
  },
);
