import { describe, expect, test } from 'vitest';
import { actsBefore, hartOfKey, tieOrder } from '../../../hw/sequencer/order.ts';

const HARTS = Array.from({ length: 1024 }, (_, hart) => hart);

describe('the order of ties', () => {
  test('gives every hart a key of its own, from which the hart can be told', () => {
    for (const cycle of [0, 1, 12_345, 2 ** 31, 2 ** 40]) {
      const keys = HARTS.map((hart) => tieOrder(7, cycle, hart));
      expect(new Set(keys).size).toBe(HARTS.length);
      expect(keys.map(hartOfKey)).toEqual(HARTS);
      expect(keys.every((key) => key >= 0 && key < 2 ** 31)).toBe(true);
    }
  });

  test('prefers neither of two harts over many cycles', () => {
    const cycles = Array.from({ length: 2000 }, (_, cycle) => cycle);
    const first = cycles.filter((cycle) => actsBefore(3, cycle, 0, 1)).length;
    expect(first).toBeGreaterThan(850);
    expect(first).toBeLessThan(1150);
  });

  test('differs from seed to seed', () => {
    const orderOf = (seed: number) =>
      HARTS.slice(0, 16).toSorted((left, right) => tieOrder(seed, 5, left) - tieOrder(seed, 5, right));
    expect(orderOf(1)).not.toEqual(orderOf(2));
    expect(orderOf(1)).toEqual(orderOf(1));
  });
});
