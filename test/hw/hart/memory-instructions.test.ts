import { describe, expect, test } from 'vitest';
import { CONSOLE } from '../../../hw/address-map.ts';
import {
  type Code,
  compareAndSwap,
  fetchAndAdd,
  fetchAndStore,
  flush,
  type Instruction,
  invalidate,
  load,
  load16,
  load8,
  prefetch,
  store,
  store16,
  store8,
  testAndSet,
  zeroLine,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { noteTraps, runBare, type SeenTrap } from '../bare.ts';
import { small, smallWith } from '../machines.ts';

const WORD = 0x1000;

const MEMORY = 1 << 20;

/** What a procedure gives when it runs alone. */
function valueOf(program: () => Code<number>): number {
  let value: number | undefined;
  const { stop } = runBare([
    function* run() {
      value = yield* program();
    },
  ]);
  expect(stop).toEqual({ kind: 'finished' });
  return value as number;
}

/** The trap that an instruction takes in supervisor mode without translation. */
function trapOf(instruction: () => Instruction): SeenTrap | undefined {
  const machine = new Machine(small());
  const seen: SeenTrap[] = [];
  let result: number | undefined;
  machine.start(0, function* run() {
    yield* noteTraps(machine, seen);
    result = yield instruction();
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  if (seen.length > 0) expect(result).toBe(-1);
  return seen[0];
}

describe('values', () => {
  test('are signed words', () => {
    expect(
      valueOf(function* () {
        yield store(WORD, 0xffff_ffff);
        return yield load(WORD);
      }),
    ).toBe(-1);
    expect(
      valueOf(function* () {
        yield store(WORD, 2 ** 31);
        return yield load(WORD);
      }),
    ).toBe(-(2 ** 31));
    expect(
      valueOf(function* () {
        yield store(WORD, 2 ** 32 + 5);
        return yield load(WORD);
      }),
    ).toBe(5);
  });

  test('of bytes and half-words are zero-extended, the lowest first', () => {
    const part = (instruction: () => Instruction) =>
      valueOf(function* () {
        yield store(WORD, 0x84_83_82_81 | 0);
        return yield instruction();
      });
    expect([0, 1, 2, 3].map((byte) => part(() => load8(WORD + byte)))).toEqual([0x81, 0x82, 0x83, 0x84]);
    expect([0, 2].map((byte) => part(() => load16(WORD + byte)))).toEqual([0x8281, 0x8483]);
  });

  test('of bytes and half-words leave the rest of the word alone', () => {
    const word = (...instructions: (() => Instruction)[]) =>
      valueOf(function* () {
        yield store(WORD, -1);
        for (const instruction of instructions) yield instruction();
        return (yield load(WORD)) >>> 0;
      });
    expect(word(() => store8(WORD + 2, 0))).toBe(0xff00_ffff);
    expect(word(() => store8(WORD + 3, 0x7f))).toBe(0x7fff_ffff);
    expect(word(() => store16(WORD, 0x1_0000))).toBe(0xffff_0000);
    expect(word(() => store16(WORD + 2, -2))).toBe(0xfffe_ffff);
  });

  test('of sums wrap around', () => {
    expect(
      valueOf(function* () {
        yield store(WORD, 2 ** 31 - 1);
        yield fetchAndAdd(WORD, 1);
        return yield load(WORD);
      }),
    ).toBe(-(2 ** 31));
  });
});

describe('read-modify-write instructions', () => {
  test('give the old value', () => {
    const old = (instruction: () => Instruction) =>
      valueOf(function* () {
        yield store(WORD, -7);
        return yield instruction();
      });
    expect(old(() => testAndSet(WORD))).toBe(-7);
    expect(old(() => fetchAndStore(WORD, 1))).toBe(-7);
    expect(old(() => fetchAndAdd(WORD, 1))).toBe(-7);
    expect(old(() => compareAndSwap(WORD, -7, 1))).toBe(-7);
    expect(old(() => compareAndSwap(WORD, 7, 1))).toBe(-7);
  });

  test('swap only what was expected', () => {
    const after = (expected: number) =>
      valueOf(function* () {
        yield store(WORD, -7);
        yield compareAndSwap(WORD, expected, 1);
        return yield load(WORD);
      });
    expect(after(-7)).toBe(1);
    expect(after(-8)).toBe(-7);
  });

  test('of all harts together lose nothing', () => {
    const add = function* () {
      for (let round = 0; round < 50; round++) yield fetchAndAdd(WORD, 1);
    };
    const { machine } = runBare([add, add, add, add], smallWith('cc-numa', 4));
    expect(machine.peek(WORD)).toBe(200);
  });
});

describe('line instructions', () => {
  test('take any address of the line', () => {
    const cleared = valueOf(function* () {
      for (let word = 0; word < 8; word++) yield store(WORD + 4 * word, word + 1);
      yield zeroLine(WORD + 7);
      let sum = 0;
      for (let word = 0; word < 8; word++) sum = sum * 10 + (yield load(WORD + 4 * word));
      return sum;
    });
    expect(cleared).toBe(5678);
  });

  test('that flush write a dirty line home and drop it', () => {
    const { machine } = runBare([
      function* () {
        yield store(WORD, 5);
        yield flush(WORD + 3);
      },
    ]);
    expect(machine.memory.words[WORD >> 2]).toBe(5);
    expect(machine.caches.find(0, WORD >> machine.caches.lineShift)).toBe(-1);
    expect(machine.counters.get(0, 'writebacks')).toBe(1);
  });

  test('that invalidate lose nothing on a coherent machine', () => {
    expect(
      valueOf(function* () {
        yield store(WORD, 5);
        yield invalidate(WORD);
        return yield load(WORD);
      }),
    ).toBe(5);
  });

  test('that prefetch bring the line and go on', () => {
    const { machine } = runBare(
      [
        function* () {
          yield prefetch(WORD + 1);
          yield load(WORD);
        },
      ],
      small({}, { skew: 1 }),
    );
    expect(machine.counters.get(0, 'l1Misses')).toBe(1);
    expect(machine.counters.get(0, 'l1Hits')).toBe(1);
    // Nobody waits for a prefetch, so it stalls nobody.
    expect(machine.counters.get(0, 'stallCycles')).toBe(0);
    expect(machine.clock(0)).toBe(1 + machine.config.timing.l1Hit);
  });

  test('that prefetch never trap', () => {
    for (const address of [MEMORY, -4, 3, CONSOLE.DATA])
      expect(trapOf(() => prefetch(address))).toBeUndefined();
  });
});
