/**
 * How many steps to take before the next look at the run: as many as take some tens of milliseconds on this
 * host as it is just now, so that the watchdog has a wide margin however busy the host is. (How a run is cut
 * into slices changes nothing in it: test/lab/run/slices.test.ts.)
 */
const GOAL_SECONDS = 0.04;
const LEAST = 1000;
const MOST = 400_000;
const FIRST = 10_000;

export class Pace {
  /** Steps of the next slice. */
  slice = FIRST;

  /** A slice of so many steps took so many seconds. */
  took(steps: number, seconds: number): void {
    const fitting = (steps * GOAL_SECONDS) / Math.max(seconds, 1e-6);
    // At most fourfold: a slice that only crossed idle time says little about the next.
    this.slice = Math.round(Math.min(MOST, steps * 4, Math.max(LEAST, fitting)));
  }
}
