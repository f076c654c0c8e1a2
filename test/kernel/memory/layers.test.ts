/** The layers of the kernel heap at work: what a block costs, who takes which lock, where blocks lie, where pages go. */
import { describe, expect, test } from 'vitest';
import { type Code, MARK } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { STEPS } from '../../../kernel/index.ts';
import { pagesOfPool, poolsOf } from '../../../kernel/inspect/heap-blocks.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { NODE_BLOCK } from '../../../kernel/layout.ts';
import { allocate, allocateGlobal, allocateLocal, free } from '../../../kernel/memory/heap.ts';
import { NODE_HEAP, POOL } from '../../../kernel/memory/layout.ts';
import { blockSize, classOf, LARGEST_BLOCK, listLength } from '../../../kernel/memory/size-class.ts';
import { here, inTurn, onKernel } from './on-kernel.ts';

const SIZE = 64;
const lineOf = (address: number): number => address >>> 6;

/** What happens while a program runs on a hart. */
function events(machine: Machine, hart: number, program: () => Code): TraceEvent[] {
  const seen: TraceEvent[] = [];
  const detach = machine.trace.attach({ event: (event) => void seen.push(event) });
  expect(inTurn(machine, [[hart, program]])).toEqual({ kind: 'finished' });
  detach();
  return seen;
}

const locksOf = (seen: readonly TraceEvent[]): number[] =>
  seen.flatMap((event) => (event.kind === 'mark' && event.mark === MARK.lockAcquired ? [event.a] : []));
const stepsOf = (seen: readonly TraceEvent[]): string[] =>
  seen.flatMap((event) => (event.kind === 'enter' ? [STEPS[event.step]?.name ?? '?'] : []));

/** Takes so many blocks, leaving their addresses; or frees them. */
function* takes(count: number, got: number[], bytes = SIZE): Code {
  const local = yield* here();
  for (let index = 0; index < count; index++) got.push(yield* allocate(local, bytes));
}
function* frees(blocks: number[]): Code {
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) yield* free(block);
}

test('sizes are powers of two that hold what was asked for', () => {
  expect([1, 16, 17, 64, 65, 2048].map((bytes) => blockSize(bytes, 16))).toEqual([16, 16, 32, 64, 128, 2048]);
  expect([1, 64, 65].map((bytes) => blockSize(bytes, 64))).toEqual([64, 64, 128]);
  expect([16, 64, LARGEST_BLOCK].map(classOf)).toEqual([0, 2, 7]);
});

describe('a block at hand', () => {
  const kernel = onKernel({ harts: 2, nodes: 1 });
  function* pair(): Code {
    yield* free(yield* allocate(yield* here(), SIZE));
  }
  events(kernel.machine, 0, pair);

  test('is taken and freed without a lock, a step or a miss', () => {
    const seen = events(kernel.machine, 0, pair);
    expect(seen.filter(({ kind }) => kind === 'transaction')).toEqual([]);
    expect(locksOf(seen)).toEqual([]);
    expect(stepsOf(seen)).toEqual([]);
  });

  test('costs one look at the pool for each list, not for each block', () => {
    const length = listLength(SIZE);
    const got: number[] = [];
    const seen = events(kernel.machine, 1, () => takes(4 * length, got));
    // The last list of a page is what is left of it.
    expect([4, 5]).toContain(stepsOf(seen).filter((name) => name === 'heap refill').length);
    const back = events(kernel.machine, 1, () => frees(got));
    // Two lists stay at hand.
    expect([2, 3]).toContain(stepsOf(back).filter((name) => name === 'heap return').length);
  });
});

describe('blocks of another node', () => {
  const { machine } = onKernel({ harts: 4, nodes: 2 });
  const got: number[] = [];
  inTurn(machine, [[0, () => takes(64, got)]]);
  const pool =
    new Reader(machine).nodeBlock(0) + NODE_BLOCK.heap + NODE_HEAP.pools + classOf(SIZE) * POOL.SIZE;

  test('go home in whole lists, each with one lock', () => {
    const seen = events(machine, 3, () => frees(got));
    expect(locksOf(seen)).toEqual(Array(64 / listLength(SIZE)).fill(pool + POOL.lock));
  });

  test('are taken there by their own node again', () => {
    const again: number[] = [];
    inTurn(machine, [[1, () => takes(64, again)]]);
    expect(new Set(again.map((block) => Math.floor(block / machine.config.memoryPerNode)))).toEqual(
      new Set([0]),
    );
  });

  test('are near the hart that is named as their home, whoever asks', () => {
    const near: number[] = [];
    function* asks(): Code {
      near.push(yield* allocate(new Reader(machine).local(2), SIZE));
    }
    inTurn(machine, [[0, asks]]);
    expect(near.map((block) => Math.floor(block / machine.config.memoryPerNode))).toEqual([1]);
  });
});

describe('cache lines', () => {
  /** Lines of small blocks that the harts took, by hart. */
  function linesOf(take: () => Code<number>): Set<number>[] {
    const { machine } = onKernel({ harts: 4, nodes: 1 });
    const lines = [0, 1, 2, 3].map(() => new Set<number>());
    function* one(hart: number): Code {
      lines[hart]?.add(lineOf(yield* take()));
    }
    // In turn, so that each hart's list is refilled after another's.
    const turns = Array.from({ length: 80 }, (_, turn) => turn % 4);
    inTurn(
      machine,
      turns.map((hart) => [hart, () => one(hart)]),
    );
    return lines;
  }
  const shared = (lines: readonly Set<number>[]): number => {
    const all = lines.flatMap((each) => [...each]);
    return all.length - new Set(all).size;
  };

  test('are not shared by padded blocks, nor by those of a hart’s own, which are packed', () => {
    const padded = linesOf(function* () {
      return yield* allocate(yield* here(), 8);
    });
    const own = linesOf(() => allocateLocal(8));
    expect([shared(padded), shared(own)]).toEqual([0, 0]);
    expect(padded.map(({ size }) => size)).toEqual([20, 20, 20, 20]);
    // 16 of a list lie in 4 lines, and the others at the end of the next list.
    expect(own.map(({ size }) => size)).toEqual([5, 5, 5, 5]);
  });

  test('are shared by packed blocks that one hart takes for several', () => {
    const { machine } = onKernel({ harts: 4 });
    const blocks: number[] = [];
    function* takesFour(): Code {
      for (let index = 0; index < 4; index++) blocks.push(yield* allocateGlobal(yield* here(), 8));
    }
    inTurn(machine, [[0, takesFour]]);
    expect(new Set(blocks.map(lineOf)).size).toBeLessThanOrEqual(2);
  });

  test.each([128, 256])('of %i bytes are not shared by padded blocks either', (line) => {
    const { machine } = onKernel({ harts: 2, set: { l1: { size: 8192, ways: 4, line } } });
    const got: number[] = [];
    inTurn(machine, [
      [0, () => takes(9, got, 8)],
      [1, () => takes(9, got, 8)],
    ]);
    expect(new Set(got.map((block) => Math.floor(block / line))).size).toBe(18);
  });
});

describe('pages', () => {
  const pages = (machine: Machine): number => {
    const reader = new Reader(machine);
    return poolsOf(reader).reduce((sum, pool) => sum + pagesOfPool(reader, pool).length, 0);
  };

  test('go back to their nodes when all their blocks are free, but for what harts and pools keep', () => {
    const { machine } = onKernel({ harts: 4, nodes: 2 });
    const got: number[] = [];
    const before = pages(machine);
    inTurn(machine, [[0, () => takes(2000, got)]]);
    const most = pages(machine) - before;
    inTurn(machine, [[0, () => frees(got)]]);
    const left = pages(machine) - before;
    expect(most).toBeGreaterThanOrEqual(32);
    // Two lists at hand and two for each of the node's harts: 96 blocks of 64 bytes, in order of address.
    expect(left).toBeLessThanOrEqual(4);
    const { machine: other } = onKernel({ harts: 4, nodes: 2 });
    inTurn(other, [
      [0, () => takes(2000, got)],
      [3, () => frees(got)],
    ]);
    expect(pages(other) - before).toBeLessThanOrEqual(4);
  });

  test('of one node are borrowed block by block when no frame is left', () => {
    const { machine } = onKernel({ harts: 2, nodes: 2, options: { framesPerNode: 8 } });
    const got: number[] = [];
    const more: number[] = [];
    inTurn(machine, [[0, () => takes(3000, got)]]);
    const given = got.filter((block) => block !== 0);
    expect(given.length).toBeLessThan(16 * 64);
    // Some of its blocks go back to node 0's pool; node 1, which has no frame either, may have them.
    inTurn(machine, [
      [0, () => frees(given.slice(0, 200))],
      [1, () => takes(100, more)],
    ]);
    expect(more.filter((block) => block !== 0).length).toBeGreaterThanOrEqual(64);
    expect(new Set(more.filter((block) => block !== 0)).size).toBe(
      more.filter((block) => block !== 0).length,
    );
  });
});
