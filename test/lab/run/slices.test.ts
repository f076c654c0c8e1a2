/** How the host cuts a run into slices, or where it stops for a budget, changes nothing in the run. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { parameterWords } from '../../../lab/settings/parameters.ts';
import { Pace } from '../../../lab/run/pace.ts';
import tour from '../../../userland/programs/tour.ts';

/** All events of a run that is cut into slices of these lengths, in turn. */
function eventsOf(slices: readonly number[], harts: number, seed: number): string[] {
  const machine = new Machine(presetConfig('cc-numa', { harts, nodes: 1, seed }));
  const events: string[] = [];
  machine.trace.attach({ event: (event) => void events.push(JSON.stringify(event)) });
  bootKernel(machine, { entry: tour.entry, parameters: parameterWords(tour, new Map()) });
  for (let index = 0; ; index++) {
    const stop = machine.run({ instructions: slices[index % slices.length] as number });
    if (stop.kind !== 'budget') return [...events, stop.kind];
  }
}

test('a run is the same however it is sliced', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(100),
      (slices, harts, seed) => {
        const [whole, sliced] = [eventsOf([1e9], harts, seed), eventsOf(slices, harts, seed)];
        const index = whole.findIndex((event, position) => event !== sliced[position]);
        expect(sliced[index]).toBe(whole[index]);
        expect(sliced.length).toBe(whole.length);
      },
    ),
    { numRuns: process.env['EDDY_DEEP'] ? 200 : 8 },
  );
});

test('the pace follows the host', () => {
  const pace = new Pace();
  for (let index = 0; index < 20; index++) pace.took(pace.slice, pace.slice / 1_000_000);
  expect(pace.slice).toBe(40_000);
  pace.took(pace.slice, 4);
  expect(pace.slice).toBe(1000);
});
