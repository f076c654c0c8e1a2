import { describe, expect, test } from 'vitest';
import {
  type Code,
  flush,
  load,
  loadReserved,
  store,
  storeConditional,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { noteTraps, runBare } from '../bare.ts';
import { small, smallWith } from '../machines.ts';

const WORD = 0x1000;

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

describe('a reservation', () => {
  const gives = (between: () => Code) =>
    valueOf(function* () {
      yield loadReserved(WORD);
      yield* between();
      return yield storeConditional(WORD, 9);
    });

  test('lets the store succeed once', () => {
    expect(
      gives(function* () {
        yield work(1);
      }),
    ).toBe(0);
    expect(
      gives(function* () {
        yield storeConditional(WORD, 1);
      }),
    ).toBe(1);
  });

  test('is needed', () => {
    expect(
      valueOf(function* () {
        return yield storeConditional(WORD, 1);
      }),
    ).toBe(1);
    expect(
      valueOf(function* () {
        yield storeConditional(WORD, 1);
        return yield load(WORD);
      }),
    ).toBe(0);
  });

  test('is for its own line', () => {
    expect(
      gives(function* () {
        yield loadReserved(WORD + 0x400);
      }),
    ).toBe(1);
  });

  test('survives the own loads and stores of its line', () => {
    expect(
      gives(function* () {
        yield store(WORD + 4, 1);
        yield load(WORD);
      }),
    ).toBe(0);
  });

  test('is lost when the line is evicted or flushed', () => {
    expect(
      gives(function* () {
        for (let line = 1; line <= 4; line++) yield load(WORD + 0x20 * line);
      }),
    ).toBe(1);
    expect(
      gives(function* () {
        yield flush(WORD);
      }),
    ).toBe(1);
  });

  test.each([
    ['another core', smallWith('smp', 2)],
    ['another node', smallWith('cc-numa', 2)],
    ['the other hart of the core', small({ hartsPerCore: 2, ways: 4 })],
  ])('is lost when %s stores to the line, but not when it loads', (_, config) => {
    for (const [instruction, expected] of [
      [() => store(WORD + 4, 1), 1],
      [() => load(WORD), 0],
    ] as const) {
      let result = -1;
      runBare(
        [
          function* reserver() {
            yield loadReserved(WORD);
            yield work(2000);
            result = yield storeConditional(WORD, 1);
          },
          function* other() {
            yield work(1000);
            yield instruction();
          },
        ],
        config,
      );
      expect(result).toBe(expected);
    }
  });

  test('is lost in a trap', () => {
    const machine = new Machine(small());
    let result = -1;
    machine.start(0, function* run() {
      yield* noteTraps(machine, []);
      yield loadReserved(WORD);
      yield load(WORD + 1);
      result = yield storeConditional(WORD, 1);
    });
    machine.run();
    expect(result).toBe(1);
  });
});
