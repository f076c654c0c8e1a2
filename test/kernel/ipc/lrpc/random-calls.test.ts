/**
 * Invariant 5: an A-stack is free or in exactly one linkage record, and a call returns exactly once or fails exactly once.
 * Held against random binds, calls, nested calls, terminations and exhaustion, whenever the kernel is at rest.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Machine } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { checkInvariants } from '../../../../kernel/inspect/invariants.ts';
import { kernelAtRest } from '../../../../kernel/inspect/at-rest.ts';
import { bootKernel } from '../../../../kernel/index.ts';
import { effort } from '../../../hw/effort.ts';
import { randomLife } from './random-calls.ts';

const SLICE = 20_000;
const PLENTY = 8 << 20;
const MOST_SLICES = 2000;

/** Runs it, looking at the invariants on the way; gives how often the kernel was at rest. */
function live(preset: string, harts: number, seed: number, clients: number, memoryPerNode: number): number {
  const set = { memoryPerNode };
  const machine = new Machine(presetConfig(preset, { harts, seed, set }));
  bootKernel(machine, { entry: randomLife, parameters: [seed, clients] });
  let looks = 0;
  for (let slice = 0; slice < MOST_SLICES; slice += 1) {
    const stop = machine.run({ instructions: SLICE });
    if (stop.kind === 'halted') {
      // Without memory, a page fault may end anybody.
      if (memoryPerNode >= PLENTY) expect(stop.status, machine.console.text()).toBe(0);
      break;
    }
    expect(stop.kind, JSON.stringify(stop)).toBe('budget');
    if (!kernelAtRest(machine)) continue;
    looks += 1;
    expect(checkInvariants(machine).filter(({ ok }) => !ok)).toEqual([]);
  }
  const verdicts = checkInvariants(machine);
  expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
  expect(verdicts.find(({ id }) => id === 'heap')?.detail).toBe('0 blocks in use');
  return looks;
}

describe('random calls by LRPC', () => {
  test.each([1, 2, 4, 8])('leave no A-stack, linkage or block behind, on %i harts', (harts) => {
    fc.assert(
      fc.property(
        fc.constantFrom('cc-numa', 'smp', 'firefly'),
        fc.integer({ min: 1, max: 1 << 30 }),
        fc.integer({ min: 1, max: 4 }),
        (preset, seed, clients) => {
          live(preset, harts, seed, clients, PLENTY);
        },
      ),
      effort(8),
    );
  });
  test('do so when memory is short, too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1 << 30 }), (seed) => {
        live('smp', 3, seed, 3, 1 << 20);
      }),
      effort(8),
    );
  });
});
