import { expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { emptyExt2 } from '../../../lab/files/empty-ext2.ts';
import { runKernel } from '../../../lab/testing/run-kernel.ts';
import micro from '../../../userland/programs/micro.ts';
import { fileServers } from '../../../userland/servers/index.ts';
import { check, treeOf } from '../servers/files/ext2-image.ts';
import { runUnderKernel } from '../kernel-run.ts';

const { test: tests, form: forms } = micro.parameters as Record<string, { choices: Record<string, number> }>;
const withoutFiles = Object.keys(tests!.choices).filter((what) => what !== 'fstat');
const kinds = withoutFiles.flatMap((what) =>
  Object.keys(forms!.choices).flatMap((who) => ['smp', 'cc-numa'].map((preset) => ({ what, who, preset }))),
);

test.each(kinds)(
  'every worker says what an operation took: $what, $who, $preset',
  ({ what, who, preset }) => {
    const words = { test: tests!.choices[what]!, form: forms!.choices[who]!, workers: 3, operations: 4 };
    const { stop, lines } = runUnderKernel(micro, { preset, harts: 4 }, words);
    expect(stop, lines.join('\n')).toEqual({ kind: 'halted', status: 0 });
    const said = lines.flatMap(
      (line) => /^worker (\d+): ([\d.]+) cycles an operation$/.exec(line)?.slice(1, 3) ?? [],
    );
    expect(said.filter((_, index) => index % 2 === 0).toSorted()).toEqual(['0', '1', '2']);
    // No fault or thread takes less than the trap alone, and none of three workers waits for long.
    for (const cycles of said.filter((_, index) => index % 2 === 1).map(Number)) {
      expect(cycles).toBeGreaterThan(200);
      expect(cycles).toBeLessThan(100_000);
    }
    expect(lines).toContain('check in-time: ok 3 of 3 workers');
  },
);

const DISK = { blocks: 1024, seek: 20_000, transfer: 500 };

/** The program asks a file server, if there is one. */
function runFstat(form: number, hasServers: boolean) {
  const image = hasServers ? { disk: emptyExt2(), servers: fileServers } : {};
  return runKernel(micro, {
    config: presetConfig('cc-numa', { harts: 4, set: { memoryPerNode: 8 << 20, disk: DISK } }),
    parameters: { test: tests!.choices['fstat']!, form, operations: 8 },
    steps: 60_000_000,
    ...image,
  });
}

test.each(Object.entries(forms!.choices))(
  'fstat by %s: every worker has a file, and none is left',
  (_, form) => {
    const { machine, stop, output, disk } = runFstat(form, true);
    expect(stop, output).toEqual({ kind: 'halted', status: 0 });
    const said = [...output.matchAll(/^worker \d: ([\d.]+) cycles an operation$/gm)].map(([, cycles]) =>
      Number(cycles),
    );
    expect(said).toHaveLength(4);
    // No less than a call by LRPC.
    expect(Math.min(...said)).toBeGreaterThan(400);
    expect(checkInvariants(machine).filter(({ ok }) => !ok)).toEqual([]);
    const checked = check(disk);
    expect(checked.status, checked.text).toBe(0);
    expect([...treeOf(disk).keys()]).toEqual(['/lost+found']);
  },
);

test('fstat without a file server says what is missing', () => {
  const { stop, output } = runFstat(forms!.choices['threads']!, false);
  expect(stop).toMatchObject({ kind: 'halted', status: 1 });
  expect(output).toContain('fstat: 4 workers have no file: give a disk with ext2, --disk IMAGE\n');
});
