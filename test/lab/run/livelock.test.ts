/** A livelock is suspected only where neither programs nor disks get on. */
import { expect, test } from 'vitest';
import { LivelockDetector } from '../../../lab/run/livelock.ts';

const SLICE = 200_000;

/** Looks at a machine thirty times; between two looks threads switch a thousand times, and `getsOn` happens. */
function suspected(getsOn: (seen: Record<string, number>) => void): boolean {
  const seen: Record<string, number> = { contextSwitches: 0, disk: 0 };
  const disk = {
    get ended(): number {
      return seen['disk'] as number;
    },
  };
  const detector = new LivelockDetector({ counters: { total: (name) => seen[name] ?? 0 }, disks: [disk] });
  return Array.from({ length: 30 }, () => {
    seen['contextSwitches'] = (seen['contextSwitches'] as number) + 1000;
    getsOn(seen);
    return detector.suspects(SLICE);
  }).some(Boolean);
}

test('threads take turns, and nothing else happens', () => {
  expect(suspected(() => undefined)).toBe(true);
});

test.each(['userInstructions', 'traps', 'disk'])('not while there is one more of: %s', (name) => {
  expect(suspected((seen) => (seen[name] = (seen[name] ?? 0) + 1))).toBe(false);
});

test('not by interrupts alone', () => {
  expect(
    suspected((seen) => {
      for (const name of ['traps', 'interrupts']) seen[name] = (seen[name] ?? 0) + 1;
    }),
  ).toBe(true);
});
