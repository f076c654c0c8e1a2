import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { load } from '../../../../hw/isa/index.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { LIMIT, type SyscallName, SYSCALLS } from '../../../../kernel/abi/index.ts';
import { CLASS } from '../../../../kernel/classes.ts';
import { type Counter, counterAt } from '../../../../kernel/counters/counter.ts';
import { COUNTER } from '../../../../kernel/counters/layout.ts';
import { FcmAnonymous } from '../../../../kernel/vm/fcm-anonymous.ts';
import { FcmDisk } from '../../../../kernel/vm/fcm-disk.ts';
import { Hat } from '../../../../kernel/vm/hat.ts';
import { RegionList } from '../../../../kernel/vm/region-list.ts';
import { faultLists } from '../../../../lab/testing/arbitraries/fault-lists.ts';
import { kernelOptionSets } from '../../../../lab/testing/arbitraries/kernel-option-sets.ts';
import { machines } from '../../../../lab/testing/arbitraries/machines.ts';
import { boots } from '../../../../lab/testing/arbitraries/scenarios.ts';
import { Agents } from '../../../../lab/testing/model/agents.ts';
import { calls } from '../../../../lab/testing/model/calls.ts';
import { Model } from '../../../../lab/testing/model/model.ts';
import { checkSystemCalls, systemCalls } from '../../../../lab/testing/model/system-calls.ts';
import { effort } from '../../../hw/effort.ts';

afterEach(() => vi.restoreAllMocks());

const disk = { blocks: 256, seek: 900, transfer: 50 };
const l1 = { size: 2048, ways: 2, line: 64 };
const config = presetConfig('smp', { harts: 3, set: { memoryPerNode: 1 << 20, l1, disk } });

/** Calls that the model leaves out, and why. */
const LEFT_OUT: readonly SyscallName[] = [
  // The end of the run, and of what is spawned.
  'exit',
  'threadExit',
  // What they give depends on time, and on the machine's shape.
  'clock',
  'currentNode',
  // A thread on each hart cannot both call there and be called.
  'ppcAccept',
  'ppcReturn',
  'ppcCall',
  'ppcCallOn',
  'ppcSend',
  'ppcCallOnWithin',
  // What one process grants to another: the model has one.
  'regionGrant',
  'regionAttach',
  'regionRevoke',
];

describe('the system calls', () => {
  test('are all drawn, but for a few', () => {
    const drawn = fc.sample(fc.oneof(...calls(fc.constant(0))), { numRuns: 12_000, seed: 1 });
    const model = new Model(1, 64);
    for (const slot of [0, 1]) {
      const address = LIMIT.USER_BASE + (1 + slot) * LIMIT.PAGE;
      model.regions.set(slot, { address, pages: 1, writable: true, block: undefined, words: new Map() });
      model.threads.set(slot, { number: 5 + slot, value: 0 });
      model.children.set(slot, { number: 5 + slot, status: 0 });
    }
    const agents = new Agents({ config });
    const asked = new Set(drawn.map((call) => call.request(model, agents).call));
    expect(SYSCALLS.map(({ name }) => name).filter((name) => !asked.has(name))).toEqual(LEFT_OUT);
  });

  test('answer as the model says', () => {
    fc.assert(
      fc.property(systemCalls(), (calls) => checkSystemCalls(calls, { config })),
      effort(10),
    );
  });

  test('answer so on any machine, with any options of the kernel, however late interrupts come', () => {
    const drawn = fc
      .record({
        config: machines({
          harts: 3,
          memoryPerNode: 2 << 20,
          ranges: { 'disk.blocks': { least: 128, most: 256 } },
        }),
        kernelOptions: kernelOptionSets(),
        faults: faultLists({ kinds: ['delay'] }),
      })
      .filter(({ config, kernelOptions }) => boots(config, kernelOptions));
    fc.assert(
      fc.property(drawn, systemCalls({ commands: 25 }), (machine, calls) => checkSystemCalls(calls, machine)),
      effort(10),
    );
  });
});

/** What all parts of counters have in common. */
const PARTS = Object.getPrototypeOf(counterAt(CLASS.counterPartitioned, 0)) as Counter;

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
    'additions on other harts are not read',
    () =>
      vi.spyOn(PARTS, 'read').mockImplementation(function* (this: Counter) {
        return yield load(this.address + COUNTER.value);
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

/** Calls that a counterexample has at most. */
const FEW = 3;

describe('a kernel with a planted bug is found out, by few calls', () => {
  test.each(PLANTED)('%s', (_, plant) => {
    plant();
    // Shrinking ends at a sequence from which no call can be taken, which need not be the shortest: several are looked for.
    const lengths: number[] = [];
    for (let seed = 1; seed <= 4 && !lengths.some((length) => length <= FEW); seed++) {
      const { counterexample } = fc.check(
        fc.property(systemCalls({ commands: 20 }), (calls) => checkSystemCalls(calls, { config })),
        effort(250, seed),
      );
      if (counterexample !== null) lengths.push(counterexample[0].length);
    }
    expect(lengths).not.toContain(0);
    expect(Math.min(...lengths)).toBeLessThanOrEqual(FEW);
  });
});
