/** Bugs planted in the kernel heap are found: by its invariants, or by every execution of a few steps. */
import { describe, expect, test } from 'vitest';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { checkHeap } from '../../../kernel/inspect/check-heap.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { GLOBAL, NODE_BLOCK } from '../../../kernel/layout.ts';
import { acquire, release } from '../../../kernel/locks/mcs.ts';
import { takeBlock } from '../../../kernel/memory/cache.ts';
import { allocate, free } from '../../../kernel/memory/heap.ts';
import { CACHE, FREE_BLOCK, HART_HEAP, HEAP_PAGE, NODE_HEAP, POOL } from '../../../kernel/memory/layout.ts';
import { classOf } from '../../../kernel/memory/size-class.ts';
import { everyExecution } from '../../../lab/explore/every-execution.ts';
import { onHarts } from '../locks/on-harts.ts';
import { here, inTurn, onKernel } from './on-kernel.ts';

const SIZE = 64;
const BLOCKS = 10;
const problems = (machine: Machine): string[] => [...checkHeap(new Reader(machine)).problems];

/** A kernel of two nodes, where a hart of the first made blocks and one of the second freed some of them. */
function withRemoteFrees(freeIt: (block: number) => Code): Machine {
  const { machine } = onKernel({ harts: 2, nodes: 2 });
  const blocks: number[] = [];
  function* makes(): Code {
    for (let index = 0; index < BLOCKS; index++) blocks.push(yield* allocate(yield* here(), SIZE));
  }
  function* freesAll(): Code {
    for (const block of blocks) yield* freeIt(block);
  }
  expect(
    inTurn(machine, [
      [0, makes],
      [1, freesAll],
    ]),
  ).toEqual({ kind: 'finished' });
  return machine;
}

describe('a remote free', () => {
  test('is in its batch', () => expect(problems(withRemoteFrees(free))).toEqual([]));

  test('that is not linked to those before it loses them', () => {
    function* losing(block: number): Code {
      yield* free(block);
      yield store(block + FREE_BLOCK.next, 0);
    }
    const found = problems(withRemoteFrees(losing));
    expect(found.filter((text) => text.endsWith('is in use and marked as free'))).toHaveLength(BLOCKS - 1);
    expect(found.filter((text) => !text.startsWith('block '))).toEqual([
      `batch of hart 1: ${BLOCKS} are counted, 1 are there`,
      `0 blocks are in use by count, ${BLOCKS - 1} are in no free list`,
    ]);
  });

  test('that is counted and goes nowhere', () => {
    function* dropping(block: number): Code {
      const heap = (yield* here()) + HART.heap;
      yield store(heap + HART_HEAP.given, (yield load(heap + HART_HEAP.given)) + 1);
      yield load(block);
    }
    expect(problems(withRemoteFrees(dropping))).toEqual([
      `0 blocks are in use by count, ${BLOCKS} are in no free list`,
    ]);
  });
});

describe('two harts that take a block from one list', () => {
  const LIST = 0x8000;
  const CACHE_AT = GLOBAL + NODE_BLOCK.heap + NODE_HEAP.caches + classOf(SIZE) * CACHE.SIZE;
  const LOCK = GLOBAL + NODE_BLOCK.heap + NODE_HEAP.lock;
  const request = { pool: 0, size: SIZE, owner: 0, poisoned: false };

  /** Whether the two got the same block, in each of all executions. */
  function outcomes(take: () => Code<number>): Set<string> {
    const found = new Set<string>();
    let got: number[] = [];
    function* program(): Code {
      got.push(yield* take());
    }
    const { exhausted } = everyExecution(
      () => {
        got = [];
        const machine = onHarts([program, program]);
        machine.poke(CACHE_AT + CACHE.head, LIST);
        machine.poke(CACHE_AT + CACHE.count, 3);
        machine.poke(LIST + FREE_BLOCK.next, LIST + SIZE);
        machine.poke(LIST + SIZE + FREE_BLOCK.next, LIST + 2 * SIZE);
        return machine;
      },
      (machine) =>
        void found.add(
          `${new Set(got).size} blocks, ${machine.peek(CACHE_AT + CACHE.count)} counted as left`,
        ),
    );
    expect(exhausted).toBe(true);
    return found;
  }

  function* unlocked(): Code<number> {
    return yield* takeBlock(yield* here(), CACHE_AT, request);
  }
  function* locked(): Code<number> {
    yield* acquire(LOCK);
    const block = yield* unlocked();
    yield* release(LOCK);
    return block;
  }

  test('get two, under the lock', () => {
    expect([...outcomes(locked)]).toEqual(['2 blocks, 1 counted as left']);
  });
  test('get the same one, without it, in some execution', () => {
    expect([...outcomes(unlocked)]).toContain('1 blocks, 2 counted as left');
  });
});

describe('the checker notices', () => {
  /** A kernel with blocks in caches, in the pool and in pages. */
  function used(): { machine: Machine; cache: number; pool: number } {
    const { machine } = onKernel({ harts: 2, nodes: 1, options: { heapChecked: true } });
    function* churns(): Code {
      const local = yield* here();
      const blocks: number[] = [];
      for (let index = 0; index < 150; index++) blocks.push(yield* allocate(local, 100));
      for (const block of blocks) yield* free(block);
    }
    inTurn(machine, [[0, churns]]);
    const reader = new Reader(machine);
    const number = classOf(128);
    return {
      machine,
      cache: reader.local(0) + HART.heap + HART_HEAP.caches + number * CACHE.SIZE,
      pool: GLOBAL + NODE_BLOCK.heap + NODE_HEAP.pools + number * POOL.SIZE,
    };
  }

  const head = (machine: Machine, cache: number): number => machine.peek(cache + CACHE.head);
  const plants: readonly (readonly [string, RegExp, (at: ReturnType<typeof used>) => [number, number]])[] = [
    ['a count that is wrong', /are counted/, ({ cache }) => [cache + CACHE.count, 1]],
    ['a list that was cut', /in no free list/, ({ machine, cache }) => [head(machine, cache), 0]],
    ['a list that was lost', /in no free list/, ({ cache }) => [cache + CACHE.spare, 0]],
    [
      'a block in two lists',
      /is free twice/,
      ({ machine, cache, pool }) => [cache + CACHE.spare, machine.peek(pool + POOL.lists)],
    ],
    ['a list that is none', /is no block of a heap page/, ({ cache }) => [cache + CACHE.spare, GLOBAL]],
    [
      'a page that counts wrongly',
      /are counted/,
      ({ machine, pool }) => [machine.peek(pool + POOL.firstPage) + HEAP_PAGE.freeCount, 1],
    ],
    [
      'a page of another pool',
      /another pool/,
      ({ machine, pool }) => [machine.peek(pool + POOL.firstPage) + HEAP_PAGE.pool, pool + POOL.SIZE],
    ],
    [
      'a block that its page takes for used',
      /its page says otherwise/,
      ({ machine, pool }) => [machine.peek(pool + POOL.firstPage) + HEAP_PAGE.inUse, -1],
    ],
    [
      'a free block that was written',
      /was written while it was free/,
      ({ machine, cache }) => [head(machine, cache) + 32, 1],
    ],
    [
      'a free block without its mark',
      /is free and has no mark/,
      ({ machine, cache }) => [head(machine, cache) + FREE_BLOCK.mark, 0],
    ],
    [
      'a block that was handed out and not counted',
      /are in use by count/,
      ({ machine }) => [new Reader(machine).local(0) + HART.heap + HART_HEAP.taken, 149],
    ],
  ];

  test('nothing where nothing is wrong', () => expect(problems(used().machine)).toEqual([]));

  test.each(plants)('%s', (_, message, plant) => {
    const at = used();
    const [address, word] = plant(at);
    expect(at.machine.peek(address)).not.toBe(word);
    at.machine.poke(address, word);
    expect(problems(at.machine).join('\n')).toMatch(message);
  });
});
