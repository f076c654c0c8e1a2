/** The oracle itself: held to exact models where there are some, and asked for the trends of the literature. */
import { describe, expect, test } from 'vitest';
import { type ClosedSystem, POLICIES, type PolicyName, repairThroughput, simulate } from './closed-system.ts';

const PROCESSORS = 8;
const run = (policy: PolicyName, set: Partial<ClosedSystem> = {}) =>
  simulate({
    processors: PROCESSORS,
    tasks: 64,
    service: 1,
    reload: 1,
    survival: 0.9,
    think: 4,
    bursts: 10_000,
    policy,
    ...set,
  });

describe('without reloads', () => {
  test.each(POLICIES.filter((policy) => policy !== 'FP' && policy !== 'LMIR'))(
    'one queue is the machine-repair model: %s',
    (policy) => {
      for (const tasks of [4, 12, 32]) {
        const exact = repairThroughput(PROCESSORS, tasks, 1, 4);
        const { throughput, response } = run(policy, { tasks, reload: 0 });
        expect(throughput / exact).toBeCloseTo(1, 1);
        // Little's law: tasks = throughput · (think + response).
        expect((throughput * (4 + response.mean)) / tasks).toBeCloseTo(1, 1);
      }
    },
  );

  test('a queue for each processor is eight such models of one', () => {
    const exact = PROCESSORS * repairThroughput(1, 4, 1, 4);
    expect(run('FP', { tasks: 32, reload: 0 }).throughput / exact).toBeCloseTo(1, 1);
  });

  test('one queue answers sooner than a fixed processor', () => {
    const ratio = (load: Partial<ClosedSystem>) =>
      run('FP', load).response.mean / run('MI', load).response.mean;
    expect(ratio({ tasks: 16, reload: 0 })).toBeGreaterThan(1.15);
  });
});

describe('with reloads as long as the service', () => {
  test('FCFS is worst with many tasks, and a fixed processor 1.1 to 1.8 times as good', () => {
    const throughput = Object.fromEntries(POLICIES.map((policy) => [policy, run(policy).throughput]));
    for (const policy of POLICIES)
      if (policy !== 'FCFS') expect(throughput[policy]).toBeGreaterThan(throughput['FCFS'] as number);
    const gain = (throughput['FP'] as number) / (throughput['FCFS'] as number);
    expect(gain).toBeGreaterThan(1.1);
    expect(gain).toBeLessThan(1.8);
    expect((throughput['LMIR'] as number) / (throughput['FP'] as number)).toBeCloseTo(1, 1);
  });

  test('two remembered processors are nearly as good as all', () => {
    for (const tasks of [12, 64]) {
      const all = run('MI', { tasks }).throughput;
      expect(Math.abs(run('LMI', { tasks, remembered: 2 }).throughput / all - 1)).toBeLessThan(0.03);
    }
  });

  test('choosing the nearest again and again leaves others waiting: the variance tells', () => {
    expect(run('MI', { think: 2 }).response.variance).toBeGreaterThan(
      20 * run('FCFS', { think: 2 }).response.variance,
    );
  });

  test('a footprint of which nothing survives makes a fixed processor as bad as any', () => {
    const gain = (survival: number) =>
      run('FP', { survival }).throughput / run('FCFS', { survival }).throughput;
    expect(gain(0.1)).toBeLessThan(1.05);
    expect(gain(0.9)).toBeGreaterThan(gain(0.5));
  });
});
