import { expect, test } from 'vitest';
import type { Section } from '../../../../lab/experiments/locks/contest.ts';
import {
  fairness,
  meanHandover,
  meanWait,
  mostOvertakes,
  overlaps,
} from '../../../../lab/experiments/locks/figures.ts';

const section = (hart: number, wanted: number, got: number, left: number): Section => ({
  hart,
  wanted,
  got,
  left,
});

/** Hart 1 asks first and is served last. */
const UNFAIR = [section(0, 5, 10, 20), section(0, 21, 25, 30), section(0, 31, 40, 50), section(1, 2, 70, 80)];

test('waiting and handing over are means over those who waited', () => {
  expect(meanWait(UNFAIR)).toBe((5 + 4 + 9 + 68) / 4);
  // Only hart 1 was waiting when the one before it left.
  expect(meanHandover(UNFAIR)).toBe(20);
  expect(meanHandover(UNFAIR.slice(0, 1))).toBeNull();
});

test('overtakes are sections of those who asked later', () => {
  expect(mostOvertakes(UNFAIR)).toBe(3);
  expect(mostOvertakes([section(0, 1, 2, 3), section(1, 2, 4, 5)])).toBe(0);
});

test('fairness is 1 when all got the same, and 1/n when one got all, until the first is done', () => {
  expect(fairness(UNFAIR, 2, 3)).toBe(0.5);
  const turns = [0, 1, 0, 1].map((hart, at) => section(hart, 10 * at, 10 * at + 1, 10 * at + 5));
  expect(fairness(turns, 2, 2)).toBeCloseTo(9 / 10);
  expect(fairness(turns.slice(0, 2), 2, 9)).toBe(1);
});

test('an overlap is a section that begins before the last one ends', () => {
  expect(overlaps(UNFAIR)).toBe(0);
  expect(overlaps([section(0, 0, 1, 9), section(1, 0, 8, 10)])).toBe(1);
});
