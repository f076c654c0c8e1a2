/** Schedules begin at a program's exploreHere(), and right before it. */
import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import type { RunPlan } from '../../../lab/run/plan.ts';
import { RunSession } from '../../../lab/run/session.ts';
import { type Code, exploreHere, pause, type Program, program, store } from '../../../userland/index.ts';

const WORD = 0x8000;
const plan = (target: Program, bare = true): RunPlan => ({
  program: target,
  config: presetConfig('smp', { harts: 2, set: { memoryPerNode: bare ? 1 << 20 : 1 << 22 } }),
  parameters: [],
  kernelOptions: {},
  bare,
  limits: { steps: 1e6, cycles: Number.POSITIVE_INFINITY, watchdogSeconds: 1 },
  describe: String,
});

const preparing = (times: number, after: () => Code = exploreHere): Program =>
  program({
    name: 'prepares',
    summary: 'writes some words before the search',
    *main() {
      yield pause();
      yield* after();
    },
    *bare(env) {
      if (env.hart() !== 0) return;
      for (let time = 1; time <= times; time++) yield store(WORD, time);
      yield* after();
      yield store(WORD, -1);
    },
  });

function* nothing(): Code {}

const booted = (target: Program, bare = true): RunSession => {
  const session = new RunSession(plan(target, bare));
  session.boot();
  return session;
};

describe('a session whose schedule is about to begin', () => {
  test.each([1, 10, 998, 999, 1000, 1001, 5000])(
    'has done the %i steps before exploreHere(), and none more',
    (times) => {
      const { machine } = booted(preparing(times));
      expect(machine.peek(WORD)).toBe(times);
      machine.runArbitrated({ choose: (runnable) => runnable[0] }, 1);
      expect(machine.peek(WORD)).toBe(-1);
    },
  );

  test('is at the beginning where a program without a kernel has none', () => {
    const { machine } = booted(preparing(10, nothing));
    expect(machine.counters.total('instructions')).toBe(0);
  });

  test('is where the first thread begins, where a program under the kernel has none', () => {
    const { machine } = booted(preparing(0, nothing), false);
    expect([0, 1].some((hart) => machine.isUser(hart))).toBe(true);
    expect(machine.counters.total('userInstructions')).toBe(0);
  });

  test('has come further where it has one', () => {
    const { machine } = booted(preparing(0), false);
    expect(machine.counters.total('userInstructions')).toBeGreaterThan(0);
  });

  test('is at the beginning of a program that never yields', () => {
    const { machine } = booted(
      preparing(1, function* () {
        for (;;);
      }),
    );
    expect(machine.counters.total('instructions')).toBe(0);
  });
});
