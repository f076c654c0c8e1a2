import { expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { bootKernel } from '../../../kernel/boot/loader.ts';
import fault from '../../../userland/programs/fault.ts';
import { runUnderKernel } from '../kernel-run.ts';

const { backing, sharing } = fault.parameters as Record<string, { choices: Record<string, number> }>;
const kinds = Object.keys(backing!.choices).flatMap((from) =>
  Object.keys(sharing!.choices).flatMap((how) => ['smp', 'cc-numa'].map((preset) => ({ from, how, preset }))),
);

test.each(kinds)('fault keeps what was written: $from, $how, $preset', ({ from, how, preset }) => {
  const words = { pages: 9, threads: 6, backing: backing!.choices[from]!, sharing: sharing!.choices[how]! };
  expect(runUnderKernel(fault, { preset, harts: 4 }, words)).toEqual({
    stop: { kind: 'halted', status: 0 },
    lines: ['check pages: ok 54 of 54 pages kept what was written'],
  });
});

test('fault leaves on the disk what it wrote there', () => {
  const machine = new Machine(presetConfig('cc-numa', { harts: 2 }));
  bootKernel(machine, { entry: fault.entry, parameters: [3, 2, 1, 0] });
  expect(machine.run()).toEqual({ kind: 'halted', status: 0 });
  const disk = new DataView(machine.disk.image.buffer, machine.disk.image.byteOffset);
  // Two threads, an extent of three pages each; the thread of extent i writes its word i of each page.
  const words = [0, 1].map((extent) =>
    [0, 1, 2].map((page) => disk.getInt32((extent * 3 + page) * 4096 + 4 * extent, true)),
  );
  expect(words).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
});

test('fault says which call failed when it asks for more than the disk has', () => {
  const { stop, lines } = runUnderKernel(
    fault,
    { preset: 'smp', harts: 1 },
    { pages: 4096, threads: 3, backing: 1, sharing: 0 },
  );
  expect(stop).toEqual({ kind: 'halted', status: -24 });
  expect(lines.join('\n')).toMatch(/programThrew/);
});
