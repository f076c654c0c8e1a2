import { describe, expect, test } from 'vitest';
import { fetchAndAdd, work } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { expectDeterministic } from '../../../lab/testing/expect-deterministic.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { userPrograms, programOf } from '../../../lab/testing/programs/index.ts';
import { scenarios } from '../../../lab/testing/arbitraries/scenarios.ts';
import fc from 'fast-check';
import { effort } from '../../hw/effort.ts';
import { small } from '../../hw/machines.ts';

const twoHarts = (cyclesOf: (hart: number) => number) => (): Machine => {
  const machine = new Machine(small({ preset: 'smp', coresPerNode: 2 }));
  for (let hart = 0; hart < 2; hart++) {
    machine.start(hart, function* program() {
      for (let time = 0; time < 4; time++) {
        yield work(cyclesOf(hart));
        yield fetchAndAdd(0x1000, 1);
      }
    });
  }
  return machine;
};

describe('determinism', () => {
  test('holds for programs that keep to their machine', () => {
    const { events, end } = expectDeterministic(twoHarts((hart) => 10 + hart));
    expect(end).toBe('finished');
    expect(events).toBeGreaterThan(10);
  });

  test('does not hold for one that keeps something outside of it, and says since when', () => {
    let outside = 0;
    const build = twoHarts(() => 10 + (outside++ === 3 ? 1 : 0));
    expect(() => expectDeterministic(build)).toThrow(
      /two runs differ first at event \d+\n  first:  cycle \d+: .*\n  second: cycle/,
    );
  });

  test('does not hold between two seeds', () => {
    let seed = 1;
    expect(() =>
      expectDeterministic(() => {
        const machine = new Machine(presetConfig('smp', { harts: 3, seed: seed++ }));
        bootKernel(machine, { *entry() {} });
        return machine;
      }),
    ).toThrow('two runs differ first at event');
  });

  test('holds for drawn programs on drawn machines with drawn faults', () => {
    const choice = { machines: { harts: 3 }, kernelOptions: { scarce: true }, faults: {} };
    fc.assert(
      fc.property(scenarios(choice), userPrograms(), ({ config, kernelOptions, faults }, program) => {
        expectDeterministic(
          () => {
            const machine = new Machine(config, { faults });
            bootKernel(machine, { entry: programOf(program).entry, options: kernelOptions });
            return machine;
          },
          { steps: 60_000 },
        );
      }),
      effort(15),
    );
  });
});
