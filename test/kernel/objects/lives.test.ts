/**
 * Invariants 2 and 4 of the kernel's objects, under random create, use, replace, forget and destroy on 1 to 16 harts
 * and any schedule: nobody reaches a freed object, no addition is lost, and all memory comes back.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { GARBAGE } from '../../../kernel/objects/limbo.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { effort } from '../../hw/effort.ts';
import { bootedMachine, brokenInvariants, drainLimbo } from './kernel-machine.ts';
import { actions, Lives } from './random-objects.ts';

const shape = fc.record({
  harts: fc.integer({ min: 1, max: 16 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  timed: fc.boolean(),
  generations: fc.constantFrom(1, 2, 2),
  adapt: fc.constantFrom('off', 'on'),
  storeBuffer: fc.constantFrom(0, 0, 4),
});

describe('whatever harts do with objects', () => {
  test('held ones stay, additions count, and nothing is left', () => {
    fc.assert(
      fc.property(shape, fc.array(actions(14), { minLength: 1, maxLength: 6 }), (choice, lists) => {
        const { harts, seed, timed, generations, adapt, storeBuffer } = choice;
        const machine = bootedMachine({
          harts,
          seed,
          set: { storeBuffer },
          options: { 'objects.generations': generations, 'objects.adapt': adapt },
        });
        const lives = new Lives(machine);
        lives.lead(lists, timed ? undefined : new RandomArbiter(seed));
        drainLimbo(machine);
        expect(lives.problems).toEqual([]);
        expect(machine.peek(GARBAGE)).toBe(0);
        expect(brokenInvariants(machine)).toEqual([]);
        expect(checkInvariants(machine).find(({ id }) => id === 'heap')?.detail).toBe('0 blocks in use');
      }),
      effort(60),
    );
  });
});
