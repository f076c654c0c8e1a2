import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DepthFirst } from '../../../lab/explore/depth-first.ts';
import { LITMUS_TESTS } from '../../../lab/litmus/catalogue.ts';
import type { LitmusTest, Operation } from '../../../lab/litmus/litmus-test.ts';
import { type Model, runLitmus } from '../../../lab/litmus/run-litmus.ts';

const finalStates = (test: LitmusTest, model: Model, naive: boolean): string[] =>
  runLitmus(test, model, naive ? new DepthFirst() : undefined).states.map((state) => JSON.stringify(state));

const location = fc.constantFrom('x', 'y');
const operation = (register: string): fc.Arbitrary<Operation> =>
  fc.oneof(
    fc.tuple(fc.constant('load' as const), fc.constant(register), location),
    fc.tuple(fc.constant('store' as const), location, fc.integer({ min: 1, max: 2 })),
    fc.tuple(fc.constant('fetchAdd' as const), fc.constant(register), location, fc.constant(1)),
    fc.constant(['fence'] as const),
  );
const thread = (most: number): fc.Arbitrary<Operation[]> =>
  fc
    .integer({ min: 1, max: most })
    .chain((length) =>
      fc
        .tuple(...Array.from({ length }, (_, index) => operation(`r${index}`)))
        .map((operations) => [...operations]),
    );
const program = (threads: number, most: number): fc.Arbitrary<LitmusTest> =>
  fc
    .array(thread(most), { minLength: threads, maxLength: threads })
    .map((list) => ({ name: 'random', threads: list, exists: 'true' }));

describe('partial-order reduction', () => {
  test('finds every final state that plain depth-first search finds, with two threads under tso', () => {
    fc.assert(
      fc.property(program(2, 2), (random) => {
        expect(finalStates(random, 'tso', false)).toEqual(finalStates(random, 'tso', true));
      }),
      { numRuns: 40, seed: 7 },
    );
  }, 60_000);

  test('and with three threads under sc', () => {
    fc.assert(
      fc.property(program(3, 2), (random) => {
        expect(finalStates(random, 'sc', false)).toEqual(finalStates(random, 'sc', true));
      }),
      { numRuns: 25, seed: 7 },
    );
  }, 60_000);

  test('needs far fewer executions', () => {
    for (const name of ['SB', 'MP', 'WRC']) {
      const litmus = LITMUS_TESTS.find((candidate) => candidate.name === name) as LitmusTest;
      const reduced = runLitmus(litmus, 'sc').executions;
      const naive = runLitmus(litmus, 'sc', new DepthFirst()).executions;
      expect(reduced * 5).toBeLessThan(naive);
    }
  });
});
