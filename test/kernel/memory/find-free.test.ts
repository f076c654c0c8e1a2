/**
 * The search for a block that bears the mark of a free one, in every execution: while it walks the list of another hart,
 * that hart takes blocks of it and writes into them. A live block is never taken for a free one.
 */
import { expect, test } from 'vitest';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../../../kernel/layout.ts';
import { takeBlock } from '../../../kernel/memory/cache.ts';
import { freeMark, isFree } from '../../../kernel/memory/find-free.ts';
import { CACHE, FREE_BLOCK, HART_HEAP, NODE_HEAP, POOL } from '../../../kernel/memory/layout.ts';
import { classOf } from '../../../kernel/memory/size-class.ts';
import { everyExecution } from '../../../lab/explore/every-execution.ts';
import { localOf, onHarts, STRIDE } from '../locks/on-harts.ts';
import { here } from './on-kernel.ts';

const SIZE = 64;
const PAGE = 0xa000;
const [FIRST, SECOND, LIVE] = [PAGE + 4 * SIZE, PAGE + 5 * SIZE, PAGE + 6 * SIZE];
const cacheOf = (hart: number): number =>
  localOf(hart) + HART.heap + HART_HEAP.caches + classOf(SIZE) * CACHE.SIZE;
const POOL_AT = GLOBAL + NODE_BLOCK.heap + NODE_HEAP.pools + classOf(SIZE) * POOL.SIZE;
const request = { pool: POOL_AT, size: SIZE, owner: 0, poisoned: false };

/** Hart 1 has two free blocks at hand; the other block is in use, and bears the mark. */
function prepare(machine: Machine): Machine {
  for (const hart of [0, 1]) {
    const facts = { hart, harts: 2, nodes: 1, hartsPerNode: 2, memoryPerNode: 1 << 20, stride: STRIDE };
    for (const [name, word] of Object.entries(facts))
      machine.poke(localOf(hart) + HART[name as keyof typeof facts], word);
  }
  machine.poke(cacheOf(1) + CACHE.head, FIRST);
  machine.poke(cacheOf(1) + CACHE.count, 2);
  machine.poke(FIRST + FREE_BLOCK.next, SECOND);
  for (const block of [FIRST, SECOND, LIVE]) machine.poke(block + FREE_BLOCK.mark, freeMark(block));
  return machine;
}

/** Takes a block and writes the address of the live one into it, where a free one has its link. */
function* takesAndWrites(): Code {
  const block = yield* takeBlock(yield* here(), cacheOf(1), request);
  yield store(block, LIVE);
}

/** What the search answers, over all executions. */
function answers(search: (local: number) => Code<boolean>, other = takesAndWrites): boolean[] {
  const found = new Set<boolean>();
  function* asks(): Code {
    found.add(yield* search(yield* here()));
  }
  const { exhausted, executions } = everyExecution(
    () => prepare(onHarts([asks, other])),
    () => {},
  );
  expect(exhausted).toBe(true);
  expect(executions).toBeGreaterThan(1);
  return [...found];
}

test('a live block is not free, whatever is written meanwhile', () => {
  expect(answers((local) => isFree(local, request, LIVE))).toEqual([false]);
});

test('nor is it found by chance where store buffers delay what is written', () => {
  const found = new Set<boolean>();
  function* asks(): Code {
    found.add(yield* isFree(yield* here(), request, LIVE));
  }
  const { exhausted } = everyExecution(
    () => prepare(onHarts([asks, takesAndWrites], 'tso')),
    () => {},
  );
  expect(exhausted).toBe(true);
  expect([...found]).toEqual([false]);
});

test('a free block is found while others are taken', () => {
  function* takesOnly(): Code {
    yield* takeBlock(yield* here(), cacheOf(1), request);
  }
  expect(answers((local) => isFree(local, request, SECOND), takesOnly)).toContain(true);
});

test('a walk that does not ask whether blocks were taken meanwhile is caught', () => {
  function* naive(): Code<boolean> {
    let at = yield load(cacheOf(1) + CACHE.head);
    for (let length = 0; at !== 0 && length < 4; length++) {
      if (at === LIVE) return true;
      at = yield load(at);
    }
    return false;
  }
  expect(answers(naive)).toContain(true);
});
