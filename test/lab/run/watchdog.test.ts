import { describe, expect, test } from 'vitest';
import { watched } from '../../../lab/run/watchdog.ts';

describe('the watchdog', () => {
  test('gives what the work gave', () => {
    expect(watched(1, () => ({ value: 3 }))).toEqual({ value: 3 });
  });

  test('lets exceptions through', () => {
    expect(() =>
      watched(1, () => {
        throw new RangeError('mine');
      }),
    ).toThrow(RangeError);
  });

  test('ends a loop that never ends', () => {
    const started = performance.now();
    expect(
      watched(0.1, () => {
        for (;;);
      }),
    ).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('costs little', () => {
    const started = performance.now();
    for (let index = 0; index < 100; index++) watched(5, () => ({}));
    // A slice of a run takes tens of milliseconds; arming the watchdog must vanish beside that.
    expect((performance.now() - started) / 100).toBeLessThan(5);
  });
});
