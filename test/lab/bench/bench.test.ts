import { expect, test } from 'vitest';
import { WORKLOADS } from '../../../lab/bench/workloads.ts';
import type { BenchResult } from '../../../lab/bench/bench-command.ts';
import { eddy, eddyJson } from '../captured-host.ts';

test('eddy bench --json has the fields of the contract', async () => {
  const result = await eddyJson<BenchResult>('bench', '--quick');
  expect(result.bareResumeNs).toBeGreaterThan(0);
  expect(result.workloads.map(({ id, harts }) => `${id} ${harts}`)).toEqual(
    WORKLOADS.flatMap(({ id }) => [1, 16, 64, 256, 1024].map((harts) => `${id} ${harts}`)),
  );
  for (const { instructions, instructionsPerSecond, costRatio } of result.workloads) {
    expect(instructions).toBeGreaterThan(10_000);
    expect(instructionsPerSecond).toBeGreaterThan(0);
    expect(costRatio).toBeCloseTo(1e9 / instructionsPerSecond / result.bareResumeNs, 3);
  }
  expect(result.faultsPerSecond).toBeGreaterThan(0);
  expect(result.schedulesPerSecond).toBeNull();
  expect(result.peakRssMiB).toBeGreaterThan(0);
});

test('eddy bench draws a table', async () => {
  const { output } = await eddy('bench', '--quick');
  expect(output).toContain('instructions/s');
  expect(output).toContain('a bare generator resume');
});
