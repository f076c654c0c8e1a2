import { expect, test } from 'vitest';
import { NotMeasured } from '../../../../lab/experiments/framework/not-measured.ts';
import { fitLine } from '../../../../lab/experiments/synchronization/fit.ts';

test('points on a line give its slope and leave nothing unexplained', () => {
  const { slope, rSquared } = fitLine([1, 2, 5].map((x) => ({ x, y: 3 * x + 7 })));
  expect(slope).toBeCloseTo(3);
  expect(rSquared).toBeCloseTo(1);
});

test('points beside a line leave something unexplained', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 1, y: 3 },
    { x: 2, y: 0 },
  ];
  expect(fitLine(points)).toEqual({ slope: 0, rSquared: 0 });
});

test('one point, or points above one another, have no line', () => {
  for (const points of [
    [{ x: 1, y: 2 }],
    [
      { x: 1, y: 2 },
      { x: 1, y: 5 },
    ],
  ])
    expect(() => fitLine(points)).toThrow(NotMeasured);
});

test('a level line explains all there is', () => {
  expect(fitLine([1, 2].map((x) => ({ x, y: 4 })))).toEqual({ slope: 0, rSquared: 1 });
});
