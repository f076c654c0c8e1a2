import { expect, test } from 'vitest';
import { parameterWordsOf } from '../../../lab/settings/parameters.ts';
import { program } from '../../../userland/index.ts';

const sums = program({
  name: 'sums',
  summary: 'has parameters',
  parameters: {
    rounds: { default: 8, min: 1, max: 100, summary: 'how often' },
    threads: { default: 2, min: 1, max: 8, summary: 'how many' },
  },
  *main() {},
});

test('numbers become the words of their parameters; the others keep their defaults', () => {
  expect(parameterWordsOf(sums, { threads: 3 })).toEqual([8, 3]);
});

test('a name that the program has not is refused, with the nearest that it has', () => {
  expect(() => parameterWordsOf(sums, { round: 9 })).toThrow(/unknown parameter 'round'.*'rounds'/);
});

test('a value beyond the range is refused', () => {
  expect(() => parameterWordsOf(sums, { rounds: 101 })).toThrow('outside 1 to 100');
});
