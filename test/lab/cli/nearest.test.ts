import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, nearest } from '../../../lab/cli/nearest.ts';

describe('distance', () => {
  test('counts edits, swapped neighbours as one', () => {
    expect(distance('tour', 'tour')).toBe(0);
    expect(distance('tuor', 'tour')).toBe(1);
    expect(distance('helo', 'hello')).toBe(1);
    expect(distance('', 'abc')).toBe(3);
  });

  test('is symmetric, and zero only between equal words', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(distance(left, right)).toBe(distance(right, left));
        expect(distance(left, right) === 0).toBe(left === right);
      }),
    );
  });
});

describe('nearest', () => {
  test('is undefined where there is nothing to choose from', () => {
    expect(nearest('x', [])).toBeUndefined();
  });

  test('prefers what begins with the word typed', () => {
    expect(nearest('mach', ['harts', 'machine', 'much'])).toBe('machine');
  });
});
