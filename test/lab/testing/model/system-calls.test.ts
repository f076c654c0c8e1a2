import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { presetConfig } from '../../../../hw/presets.ts';
import { FcmAnonymous } from '../../../../kernel/vm/fcm-anonymous.ts';
import { FcmDisk } from '../../../../kernel/vm/fcm-disk.ts';
import { Hat } from '../../../../kernel/vm/hat.ts';
import { RegionList } from '../../../../kernel/vm/region-list.ts';
import { faultLists } from '../../../../lab/testing/arbitraries/fault-lists.ts';
import { kernelOptionSets } from '../../../../lab/testing/arbitraries/kernel-option-sets.ts';
import { machines } from '../../../../lab/testing/arbitraries/machines.ts';
import { checkSystemCalls, systemCalls } from '../../../../lab/testing/model/system-calls.ts';
import { effort } from '../../../hw/effort.ts';

afterEach(() => vi.restoreAllMocks());

const disk = { blocks: 256, seek: 900, transfer: 50 };
const l1 = { size: 2048, ways: 2, line: 64 };
const config = presetConfig('smp', { harts: 3, set: { memoryPerNode: 1 << 20, l1, disk } });

describe('the system calls', () => {
  test('answer as the model says', () => {
    fc.assert(
      fc.property(systemCalls(), (calls) => checkSystemCalls(calls, { config })),
      effort(10),
    );
  });

  test('answer so on any machine, with any options of the kernel, however late interrupts come', () => {
    const drawn = fc.record({
      config: machines({
        harts: 3,
        memoryPerNode: 2 << 20,
        ranges: { 'disk.blocks': { least: 128, most: 256 } },
      }),
      kernelOptions: kernelOptionSets(),
      faults: faultLists({ kinds: ['delay'] }),
    });
    fc.assert(
      fc.property(drawn, systemCalls({ commands: 25 }), (machine, calls) => checkSystemCalls(calls, machine)),
      effort(10),
    );
  });
});

const PLANTED: readonly [string, () => void][] = [
  [
    'a dirty page of an extent is not written back',
    () =>
      vi.spyOn(FcmDisk.prototype, 'save').mockImplementation(function* () {
        return 0;
      }),
  ],
  [
    'a new page is not zeroed',
    () =>
      vi.spyOn(FcmAnonymous.prototype, 'fill').mockImplementation(function* () {
        return 0;
      }),
  ],
  [
    'a mapping is made over another one',
    () =>
      vi.spyOn(RegionList.prototype, 'lockedIsFree').mockImplementation(function* () {
        return true;
      }),
  ],
  [
    'a TLB keeps what was unmapped',
    () => {
      const { shootdown } = Hat.prototype;
      vi.spyOn(Hat.prototype, 'shootdown').mockImplementation(function* (this: Hat, page, count) {
        if (count === 0) yield* shootdown.call(this, page, count);
      });
    },
  ],
];

describe('a kernel with a planted bug is found out, by few calls', () => {
  test.each(PLANTED)('%s', (_, plant) => {
    plant();
    const found = fc.check(
      fc.property(systemCalls({ commands: 20 }), (calls) => checkSystemCalls(calls, { config })),
      effort(80, 1),
    );
    expect(found.failed).toBe(true);
    const [calls] = found.counterexample ?? [];
    expect(calls?.length).toBeGreaterThan(0);
    expect(calls?.length).toBeLessThan(4);
  });
});
