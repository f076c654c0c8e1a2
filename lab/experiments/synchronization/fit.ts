import { NotMeasured } from '../framework/not-measured.ts';

/** A line through points, by least squares. */
export interface Line {
  /** How much y rises for each x. */
  readonly slope: number;
  /** The share of y's variation that the line explains: 1 if all points lie on it. */
  readonly rSquared: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** @throws NotMeasured when all points have the same x, so that any line would do */
export function fitLine(points: readonly Point[]): Line {
  if (new Set(points.map(({ x }) => x)).size < 2) throw new NotMeasured('a line takes two points at least');
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const xx = mean((point) => (point.x - x) ** 2);
  const yy = mean((point) => (point.y - y) ** 2);
  const xy = mean((point) => (point.x - x) * (point.y - y));
  return { slope: xy / xx, rSquared: yy === 0 ? 1 : xy ** 2 / (xx * yy) };
}
