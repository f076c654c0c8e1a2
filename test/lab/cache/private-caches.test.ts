/** The machine's own caches, run bare with one hart, against the naive simulator. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { effort } from '../../hw/effort.ts';
import { naiveCounts, type NaiveDesign, type Touch } from './naive-cache.ts';
import { designs, traces } from './random-trace.ts';

const SPAN = 1 << 14;

/** Counters of a machine with one hart after it has made the accesses. */
function machineCounts({ sets, ways, line }: NaiveDesign, trace: readonly Touch[], hitPath: boolean) {
  const l1 = { size: sets * ways * line, ways, line };
  const machine = new Machine(
    presetConfig('cc-numa', { harts: 1, set: { l1, hitPath, memoryPerNode: 1 << 20 } }),
  );
  machine.start(0, function* program(): Code {
    for (const { kind, address } of trace) yield kind === 'write' ? store(address, address) : load(address);
  });
  expect(machine.run().kind).toBe('finished');
  const { counters } = machine;
  return {
    hits: counters.get(0, 'l1Hits'),
    misses: counters.get(0, 'l1Misses'),
    writebacks: counters.get(0, 'writebacks'),
  };
}

test.each([true, false])('agree on any geometry (short way for hits: %s)', (hitPath) => {
  fc.assert(
    fc.property(designs({ min: 4, max: 8 }, [1, 2, 4, 8, 16]), traces(SPAN, [4], 4), (design, trace) => {
      // What the machine is built as: its caches know no other policy.
      const policy = { writeBack: true, writeAllocate: true };
      const { hits, misses, writebacks } = naiveCounts({ ...design, ...policy }, trace);
      expect(machineCounts(design, trace, hitPath)).toEqual({ hits, misses, writebacks });
    }),
    effort(150),
  );
});
