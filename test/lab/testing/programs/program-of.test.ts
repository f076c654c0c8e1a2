import { describe, expect, test } from 'vitest';
import { Machine } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { ERROR } from '../../../../kernel/abi/index.ts';
import { bootKernel } from '../../../../kernel/index.ts';
import { parseUserProgram, programOf } from '../../../../lab/testing/programs/index.ts';

interface Line {
  readonly at: string;
  readonly words: readonly number[];
  readonly result: number;
}

/** Runs a program; gives what each operation was given and gave, by thread and index. */
function run(text: string, harts = 2) {
  const machine = new Machine(presetConfig('cc-numa', { harts, set: { memoryPerNode: 1 << 20 } }));
  const lines: Line[] = [];
  const begun: string[] = [];
  const { entry } = programOf(parseUserProgram(text), {
    begins: ({ thread, index }) => void begun.push(`${thread}.${index}`),
    ends: ({ thread, index, words }, result) => void lines.push({ at: `${thread}.${index}`, words, result }),
  });
  bootKernel(machine, { entry });
  const stop = machine.run({ instructions: 2_000_000 });
  const gave = (at: string): number | undefined => lines.find((line) => line.at === at)?.result;
  return { machine, stop, lines, begun, gave };
}

describe('a user program runs', () => {
  test('its operations in order, with the results of earlier ones', () => {
    const { stop, gave, lines } = run(`
      thread 0
        mmap 0, 4096, 3, 0
        store r0+8, 40
        fetchAndAdd r0+8, 2
        load r0+8
        munmap r0+1, 4096
        exit r3`);
    expect(stop).toEqual({ kind: 'halted', status: 42 });
    expect([gave('0.2'), gave('0.3'), gave('0.4')]).toEqual([40, 42, ERROR.EINVAL]);
    expect(lines[1]?.words).toEqual([(gave('0.0') as number) + 8, 40]);
  });

  test('threads of one process, and processes of their own', () => {
    const { stop, gave, begun } = run(`
      thread 0
        mmap 0x10000, 4096, 11, 0
        threadSpawn @1, 0, 1
        spawn @2, 0, -1
        threadJoin r1, 0
        wait r2, 0x10008
        load 0x10000
        load 0x10008
      thread 1
        store 0x10000, 5
      thread 2
        store 0x10000, 6`);
    expect(stop).toEqual({ kind: 'halted', status: 0 });
    expect(gave('0.5')).toBe(5);
    // It has no memory at that address, and ends by a page fault.
    expect(gave('0.6')).toBe(-15);
    expect(begun).toContain('2.0');
    expect(gave('2.0')).toBeUndefined();
  });

  test('with addresses on its own stack', () => {
    const { gave } = run('thread 0; store stack-512, 3; load stack-512; threadExit 0');
    expect(gave('0.1')).toBe(3);
  });

  test('and an instruction of the kernel ends its process', () => {
    for (const instruction of ['panic 1', 'waitForInterrupt', 'writeSatp 0', 'createContext @0, 0, 0'])
      expect(run(`thread 0; ${instruction}`).stop).toEqual({ kind: 'halted', status: -2 });
  });

  test('on any number of machines at the same time, each as if it were alone', () => {
    const program = programOf(parseUserProgram('thread 0; mmap 0, 4096, 3, 0; fetchAndAdd r0, 1; exit r1'));
    const machines = [1, 2].map((harts) => {
      const machine = new Machine(presetConfig('smp', { harts, set: { memoryPerNode: 1 << 20 } }));
      bootKernel(machine, { entry: program.entry });
      return machine;
    });
    for (let slices = 0; slices < 400; slices++)
      for (const machine of machines) machine.run({ instructions: 100 });
    expect(machines.map((machine) => machine.run())).toEqual(
      [1, 2].map(() => ({ kind: 'halted', status: 0 })),
    );
  });
});
