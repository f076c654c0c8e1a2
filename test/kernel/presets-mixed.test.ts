/** Any mixture of a preset’s parts boots the kernel and runs the tour: what is right must not hang on one machine. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MachineConfig } from '../../hw/config.ts';
import { findPreset, PRESETS } from '../../hw/presets.ts';
import tour from '../../userland/programs/tour.ts';
import { effort } from '../hw/effort.ts';
import { expectInvariants, run } from './run.ts';

/** On a cluster programs for one address space are refused. */
const SHARED = PRESETS.filter(({ name }) => name !== 'cluster').map(({ name }) => name);

const mixture = fc
  .record({
    preset: fc.constantFrom(...SHARED),
    cores: fc.constantFrom(1, 2, 4, 8),
    hartsPerCore: fc.constantFrom(1, 1, 2),
    seed: fc.nat(1000),
    updates: fc.boolean(),
    storeBuffer: fc.constantFrom(0, 0, 1, 8),
    l1: fc.record({
      line: fc.constantFrom(16, 32, 64, 128, 256),
      ways: fc.constantFrom(1, 2, 4),
      sets: fc.constantFrom(1, 4, 32),
    }),
    l2: fc.record({ lines: fc.constantFrom(0, 0, 8, 64), ways: fc.constantFrom(1, 4) }),
    llc: fc.record({ lines: fc.constantFrom(0, 0, 64, 512), ways: fc.constantFrom(1, 8) }),
    tlb: fc.record({
      entries: fc.constantFrom(4, 16, 64),
      ways: fc.constantFrom(1, 2, 4),
      tagged: fc.boolean(),
    }),
  })
  .map(({ preset, cores, hartsPerCore, seed, updates, storeBuffer, l1, l2, llc, tlb }) => {
    const coherent = findPreset(preset)?.config.coherence !== 'none';
    const { line, ways, sets } = l1;
    const set: Partial<MachineConfig> = {
      coherence: coherent ? (updates ? 'update' : 'invalidate') : 'none',
      storeBuffer: coherent ? storeBuffer : 0,
      l1: { line, ways, size: line * ways * sets },
      l2: { size: l2.lines * line, ways: l2.ways },
      llc: { size: llc.lines * line, ways: llc.ways },
      tlb,
    };
    const harts = cores * hartsPerCore;
    return { preset, harts, seed, set, hartsPerCore };
  });

test('random machines run the tour with every check ok, and keep the kernel’s invariants', () => {
  fc.assert(
    fc.property(mixture, (choice) => {
      const { machine, stop, output } = run(tour.entry, { ...choice, parameters: [3] });
      expect(stop, output).toEqual({ kind: 'halted', status: 0 });
      for (const id of tour.checks) expect(output).toMatch(new RegExp(`^check ${id}: ok`, 'm'));
      expectInvariants(machine);
    }),
    effort(25),
  );
});

test('on random machines the emulator’s short ways change no clock, counter or line of output', () => {
  fc.assert(
    fc.property(mixture, (choice) => {
      const outcomes = [true, false].map((short) => {
        const set = { ...choice.set, elideSpins: short, hitPath: short };
        const { machine, stop, output } = run(tour.entry, { ...choice, set, parameters: [3] });
        return { stop, output, clocks: [...machine.state.clock], counters: [...machine.counters.values] };
      });
      expect(outcomes[0]).toEqual(outcomes[1]);
    }),
    effort(10),
  );
});
