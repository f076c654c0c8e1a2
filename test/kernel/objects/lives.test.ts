/**
 * Invariants 2 and 4 of the kernel's objects, under random create, use, replace, forget and destroy on 1 to 16 harts
 * and any schedule: nobody reaches a freed object, no addition is lost, and all memory comes back.
 */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { effort } from '../../hw/effort.ts';
import { play, SCENES } from './scenes.ts';
import { watchMediators } from './watch-mediators.ts';

afterEach(() => void vi.restoreAllMocks());

describe('whatever harts do with objects', () => {
  test('held ones stay, additions count, and nothing is left', () => {
    const seen = watchMediators();
    fc.assert(
      fc.property(fc.oneof(SCENES.all, SCENES.calls, SCENES.holds), (scene) => {
        expect(play(scene)).toEqual([]);
      }),
      effort(100),
    );
    // Calls waited for the drain of a swap, and tokens came while calls were inside.
    expect(seen.waited).toBeGreaterThan(0);
    expect(seen.tokenFoundCalls).toBeGreaterThan(0);
  });
});
