/**
 * Every machine that can be had by name boots the kernel and runs the tour, which takes every kind of lock and
 * barrier: at the end each of its checks is ok, and the kernel's invariants hold. So do machines in between,
 * which differ from a preset in one field.
 */
import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../hw/config.ts';
import { PRESETS } from '../../hw/presets.ts';
import tour from '../../userland/programs/tour.ts';
import { expectInvariants, run } from './run.ts';

const HARTS = [4, 8] as const;

interface Variant {
  readonly preset: string;
  readonly with: string;
  readonly set: Partial<MachineConfig>;
}

/** On every preset that shares memory: what programs for one address space need. */
const SHARED = PRESETS.filter(({ name }) => name !== 'cluster').map(({ name }) => name);
const COHERENT = PRESETS.filter(({ name, config }) => SHARED.includes(name) && config.coherence !== 'none');
const INVALIDATING = COHERENT.filter(({ config }) => config.coherence === 'invalidate');

/** Runs the tour and holds it, and the kernel, to everything that they promise. */
function expectTour(preset: string, harts: number, set: Partial<MachineConfig> = {}): void {
  const { machine, stop, output } = run(tour.entry, { preset, harts, parameters: [4], set });
  expect(stop, output).toEqual({ kind: 'halted', status: 0 });
  const verdicts = [...output.matchAll(/^check ([^:]+): (\w+)/gm)].map(
    ([, id, verdict]) => `${id} ${verdict}`,
  );
  expect(verdicts).toEqual(tour.checks.map((id) => `${id} ok`));
  expectInvariants(machine);
}

describe.each(SHARED)('the preset %s boots, and finds every sum of the tour correct', (preset) => {
  test.each(HARTS)('with %i harts', (harts) => expectTour(preset, harts));
});

describe('so does', () => {
  const variants: readonly Variant[] = [
    ...COHERENT.map(({ name }) => ({ preset: name, with: 'store buffers', set: { storeBuffer: 8 } })),
    ...INVALIDATING.map(({ name }) => ({
      preset: name,
      with: 'copies that are updated',
      set: { coherence: 'update' as const },
    })),
    ...['smp', 'cc-numa', 'ncc-numa', 'dance-hall', 'firefly'].map((preset) => ({
      preset,
      with: 'a small second level',
      set: { l2: { size: 2048, ways: 4 }, l1: { size: 512, ways: 2, line: 32 } },
    })),
    ...['cc-numa', 'ncc-numa'].map((preset) => ({
      preset,
      with: 'last-level caches',
      set: { llc: { size: 1 << 16, ways: 8 } },
    })),
    ...['cc-numa', 'ncc-numa'].map((preset) => ({
      preset,
      with: 'TLBs without tags',
      set: { tlb: { entries: 16, ways: 2, tagged: false } },
    })),
    {
      preset: 'cc-numa',
      with: 'store buffers and updated copies',
      set: { storeBuffer: 2, coherence: 'update' },
    },
  ];

  test.each(variants)('$preset with $with', ({ preset, set }) => expectTour(preset, 4, set));
});
