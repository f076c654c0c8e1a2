import { expect, test } from 'vitest';
import micro from '../../../userland/programs/micro.ts';
import { runUnderKernel } from '../kernel-run.ts';

const { test: tests, form: forms } = micro.parameters as Record<string, { choices: Record<string, number> }>;
const kinds = Object.keys(tests!.choices).flatMap((what) =>
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
