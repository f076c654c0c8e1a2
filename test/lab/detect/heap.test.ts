/** Errors in the use of heaps are found at the access that commits them. */
import { describe, expect, test } from 'vitest';
import { type Code, load, load8, MARK, mark, store, store8, zeroLine } from '../../../hw/isa/index.ts';
import { type Env, Heap, joinThread, spawnThread, threadJoin } from '../../../userland/index.ts';
import { allocate, free } from '../../../kernel/memory/heap.ts';
import { Detection } from '../../../lab/detect/index.ts';
import { here, inTurn, onKernel } from '../../kernel/memory/on-kernel.ts';
import { detectBare, detectUser } from './detect.ts';

const AFTER_FREE = { detectors: ['use-after-free'] } as const;
const UNWRITTEN = { detectors: ['uninitialised'] } as const;
const HEAP = { detectors: ['use-after-free', 'uninitialised'] } as const;

/** What the detectors say of a program with a heap. */
const messages = (body: (heap: Heap, env: Env) => Code, choice: Parameters<typeof detectUser>[1] = HEAP) =>
  detectUser(function* (env) {
    yield* body(yield* Heap.create(), env);
  }, choice).findings.map(({ message }) => message);

describe('use after free', () => {
  test('a load of a freed block: who, where in it, who freed it', () => {
    const found = messages(function* (heap) {
      const block = yield* heap.malloc(24);
      yield store(block + 8, 1);
      yield* heap.free(block);
      yield load(block + 8);
    }, AFTER_FREE);
    expect(found).toEqual([
      expect.stringMatching(
        /^use after free: process 1 thread 1 \(hart 0\) at cycle [\d,]+ loads 0x[0-9a-f]{8}, 8 bytes into the heap block of 24 bytes at 0x[0-9a-f]{8}, which process 1 thread 1 freed at cycle [\d,]+$/,
      ),
    ]);
  });

  test('a store by another thread', () => {
    function* writer(block: number): Code<number> {
      yield store8(block + 1, 1);
      return 0;
    }
    const found = messages(function* (heap, env) {
      const block = yield* heap.malloc(16);
      yield* heap.free(block);
      yield* joinThread(env, yield* spawnThread(writer, block, 1));
    });
    expect(found).toEqual([expect.stringMatching(/^use after free: process 1 thread 2 .* stores to 0x/)]);
  });

  test('a block that is freed twice', () => {
    const found = messages(function* (heap) {
      const block = yield* heap.malloc(16);
      yield* heap.free(block);
      yield* heap.free(block);
    });
    expect(found).toEqual([expect.stringMatching(/^freed twice: process 1 thread 1/)]);
  });

  test('a block of pages of its own, before they are gone', () => {
    const found = messages(function* (heap) {
      const block = yield* heap.malloc(10_000);
      yield store(block, 1);
      yield load(block);
      yield* heap.free(block);
    });
    expect(found).toEqual([]);
  });

  test('a block that was given out again is somebody’s', () => {
    const found = messages(function* (heap) {
      const block = yield* heap.malloc(16);
      yield* heap.free(block);
      const again = yield* heap.malloc(16);
      if (again !== block) throw new Error('another block');
      yield store(block, 1);
      yield load(block);
    });
    expect(found).toEqual([]);
  });

  test('says on which hart the block was freed, and on which it was used', () => {
    function* freeing(block: number): Code<number> {
      yield mark(MARK.freed, block);
      return 0;
    }
    const { findings } = detectUser(function* (env) {
      const block = yield* (yield* Heap.create()).malloc(16);
      yield* joinThread(env, yield* spawnThread(freeing, block, 2));
      yield store(block, 1);
    }, AFTER_FREE);
    expect(findings.map(({ involved }) => involved.map(({ hart }) => hart))).toEqual([[0, 2]]);
  });

  test('an access that begins before a freed block and reaches into it', () => {
    const line = 0x4000;
    const { findings } = detectBare(
      [
        function* () {
          yield mark(MARK.allocated, line + 32, 16);
          yield mark(MARK.freed, line + 32);
          yield zeroLine(line);
        },
      ],
      AFTER_FREE,
    );
    expect(findings.map(({ address }) => address)).toEqual([line + 32]);
  });

  test('on a machine without a kernel, by marks', () => {
    const { findings } = detectBare(
      [
        function* () {
          yield mark(MARK.allocated, 0x8000, 64);
          yield store(0x8000, 1);
          yield mark(MARK.freed, 0x8000);
          yield mark(MARK.allocatorEntered);
          yield store(0x8000, 2);
          yield mark(MARK.allocatorLeft);
          yield load(0x8040);
          yield load(0x803c);
        },
      ],
      HEAP,
    );
    expect(findings.map(({ address }) => address)).toEqual([0x803c]);
  });
});

describe('uninitialised', () => {
  test('a word that nobody has written', () => {
    const found = messages(function* (heap) {
      const block = yield* heap.malloc(32);
      yield store(block, 1);
      yield load(block);
      yield load(block + 4);
    }, UNWRITTEN);
    expect(found).toEqual([
      expect.stringMatching(
        /^uninitialised read: process 1 thread 1 \(hart 0\) at cycle [\d,]+ loads 0x[0-9a-f]{8}, 4 bytes into the heap block of 32 bytes at 0x[0-9a-f]{8}, which nobody has written since process 1 thread 1 got it at cycle [\d,]+$/,
      ),
    ]);
  });

  test('a word of which a byte is missing', () => {
    const found = messages(function* (heap) {
      const block = yield* heap.malloc(32);
      for (const byte of [0, 1, 3]) yield store8(block + byte, 1);
      yield load8(block + 1);
      yield load(block);
    });
    expect(found).toEqual([expect.stringContaining('2 bytes into the heap block')]);
  });

  test('what was written before the block was freed does not count', () => {
    const found = messages(function* (heap) {
      const block = yield* heap.malloc(32);
      yield store(block + 8, 1);
      yield* heap.free(block);
      yield load((yield* heap.malloc(32)) + 8);
    });
    expect(found).toHaveLength(1);
  });

  test('what the kernel has written for the thread does', () => {
    function* seven(_argument: number): Code<number> {
      return 7;
    }
    const found = messages(function* (heap) {
      const block = yield* heap.malloc(32);
      const thread = yield* spawnThread(seven, 0, 1);
      yield* threadJoin(thread, block + 4);
      if ((yield load(block + 4)) !== 7) throw new Error('not joined');
    });
    expect(found).toEqual([]);
  });
});

describe('the kernel’s heap', () => {
  /** What the detectors say of kernel code on hart 0 of a booted kernel. */
  const messagesOf = (code: () => Code): string[] => {
    const { machine } = onKernel();
    const detection = new Detection(machine, { bare: false, ...HEAP });
    inTurn(machine, [[0, code]]);
    return detection.finish(false).map(({ message }) => message);
  };

  test('a block that is used after it was freed', () => {
    const found = messagesOf(function* () {
      const block = yield* allocate(yield* here(), 100);
      yield store(block + 4, 1);
      yield* free(block);
      yield load(block + 4);
    });
    expect(found).toEqual([
      expect.stringMatching(/^use after free: the kernel on hart 0 at cycle .* 4 bytes into the heap block/),
    ]);
  });

  test('its blocks are zero at the start, and the allocator may link those that are free', () => {
    const found = messagesOf(function* () {
      for (let time = 0; time < 3; time++) {
        const blocks: number[] = [];
        for (let each = 0; each < 20; each++) blocks.push(yield* allocate(yield* here(), 48));
        for (const block of blocks) yield load(block + 44);
        for (const block of blocks) yield* free(block);
      }
    });
    expect(found).toEqual([]);
  });
});
