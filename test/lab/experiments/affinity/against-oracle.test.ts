/** The experiment `affinity` beside the oracle (closed-system.ts): the same trends, from real caches and a real kernel. */
import { expect, test } from 'vitest';
import { settingsFor } from '../../../../lab/experiments/framework/settings.ts';
import type { Row } from '../../../../lab/experiments/framework/experiment.ts';
import { affinity } from '../../../../lab/experiments/scheduling/affinity.ts';
import { type PolicyName, simulate } from './closed-system.ts';

const settings = settingsFor(affinity, {
  set: new Map([
    ['cycles', '250000'],
    ['warm', '200000'],
  ]),
});
const measured = (policy: string, tasks: number, footprint: number): Row =>
  affinity.measure({ policy, tasks, footprint }, settings) as Row;
/** R/D and what one intervening task leaves, as the experiment has them for footprints of 1 and 8 KiB in 64. */
const CACHE = { 1: { reload: 0.14, survival: 63 / 64 }, 8: { reload: 1.1, survival: 7 / 8 } } as const;
const foretold = (policy: PolicyName, tasks: number, footprint: 1 | 8) =>
  simulate({ processors: 8, tasks, service: 1, think: 2, policy, bursts: 10_000, ...CACHE[footprint] });

test('many threads: a fixed processor gets more done than FCFS, by about as much as the oracle says', () => {
  const gain =
    Number(measured('fixed-processor', 64, 8)['throughput']) / Number(measured('fcfs', 64, 8)['throughput']);
  const oracle = foretold('FP', 64, 8).throughput / foretold('FCFS', 64, 8).throughput;
  expect(oracle).toBeGreaterThan(1.1);
  expect(gain).toBeGreaterThan(1.1);
  expect(Math.abs(gain / oracle - 1)).toBeLessThan(0.25);
});

test('few threads with small footprints: one queue answers sooner, in both', () => {
  const slower =
    Number(measured('fixed-processor', 12, 1)['response']) / Number(measured('fcfs', 12, 1)['response']);
  const oracle = foretold('FP', 12, 1).response.mean / foretold('FCFS', 12, 1).response.mean;
  expect(oracle).toBeGreaterThan(1.05);
  expect(slower).toBeGreaterThan(1.05);
});
