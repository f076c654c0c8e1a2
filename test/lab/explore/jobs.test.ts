/** Several worker threads find what one finds, after as many schedules. */
import { expect, test } from 'vitest';
import { planRun } from '../../../lab/cli/run-options.ts';
import { programSubject } from '../../../lab/explore/program-subject.ts';
import { type SearchTask, searchProgram } from '../../../lab/explore/search-program.ts';
import type { Strategy } from '../../../lab/explore/strategy.ts';

const TARGET = 'docs/book/02-testing-concurrency/lost-update.ts';
/** Milliseconds before workers are started: none, so that they do all. */
const AT_ONCE = 0;

async function searched(strategy: Strategy, jobs: number, atomic: boolean) {
  const options = {
    machine: 'smp',
    harts: 2,
    seed: 5,
    bare: true,
    maxSteps: 1000,
    watchdog: 5,
    set: new Map([
      ['memoryPerNode', '1048576'],
      ['atomic', String(Number(atomic))],
    ]),
  };
  const plan = await planRun(TARGET, options, true);
  const task: SearchTask = {
    target: TARGET,
    options,
    strategy,
    settings: { harts: 2, seed: 5, depth: 2 },
    jobs,
    limits: { schedules: 120, until: Date.now() + 60_000, watchdogSeconds: 5 },
  };
  return searchProgram(task, programSubject(plan), () => undefined, AT_ONCE);
}

// Each worker takes a second to start from the sources, so each strategy has one program.
test.each<[Strategy, string, boolean]>([
  ['bound', 'fails', false],
  ['random', 'fails', false],
  ['round-robin', 'does not', true],
  ['pct', 'does not', true],
  ['dpor', 'does not', true],
])(
  'a search by %s comes to the same by one job and by two, where the program %s',
  async (strategy, _, atomic) => {
    const one = await searched(strategy, 1, atomic);
    const two = await searched(strategy, 2, atomic);
    expect(two).toEqual(one);
    expect(one.failed === undefined).toBe(atomic);
    expect(one.schedules).toBeGreaterThan(atomic ? 5 : 1);
  },
);
