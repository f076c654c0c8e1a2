/** Every bug of the zoo is found, with as few preemptions as it takes, and none in a correct twin. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { everyExecution } from '../../lab/explore/every-execution.ts';
import { findFailure } from '../../lab/explore/find-failure.ts';
import { PreemptionBound } from '../../lab/explore/preemption-bound.ts';
import { executeBy, type Subject, type Trial } from '../../lab/explore/subject.ts';
import { ZOO } from './catalogue.ts';

const TABLE = readFileSync(new URL('README.md', import.meta.url), 'utf8');
/** More preemptions than any bug takes. */
const MOST = 4;

interface Explored {
  readonly executions: number;
  readonly exhausted: boolean;
  /** Executions that failed, by what broke. */
  readonly failures: Readonly<Record<string, number>>;
}

function explore(subject: Subject): Explored {
  const failures: Record<string, number> = {};
  let trial: Trial | undefined;
  const { executions, exhausted } = everyExecution(
    () => {
      trial = subject.start();
      return trial.machine;
    },
    (_machine, stop) => {
      const failure = trial?.judge(stop);
      if (failure !== undefined) failures[failure.invariant] = (failures[failure.invariant] ?? 0) + 1;
    },
    { steps: subject.steps },
  );
  return { executions, exhausted, failures };
}

describe.each(ZOO)('$id, $name', ({ id, name, shows, harts, modelPreemptions, faulty, correct }) => {
  test('shows in some of all executions of the faulty form, and only as it should', () => {
    const { executions, exhausted, failures } = explore(faulty);
    expect(exhausted).toBe(true);
    expect(Object.keys(failures)).toEqual([shows]);
    if (harts > 1) expect(executions).toBeGreaterThan(failures[shows] as number);
  });

  test('shows in no execution of the correct twin', () => {
    const { executions, exhausted, failures } = explore(correct);
    expect({ exhausted, failures }).toEqual({ exhausted: true, failures: {} });
    if (harts > 1) expect(executions).toBeGreaterThan(1);
  });

  test('takes as many preemptions as the table says, at most one more than in the model', () => {
    const { failed } = findFailure(faulty, new PreemptionBound(MOST), { schedules: 100_000 });
    expect(failed?.failure.invariant).toBe(shows);
    expect(failed?.preemptions).toBeLessThanOrEqual(modelPreemptions + 1);
    expect(TABLE).toContain(`| ${id} | ${name} | ${shows} | ${modelPreemptions} | ${failed?.preemptions} |`);
    expect(executeBy(failed?.schedule ?? [], faulty)).toEqual(failed);
  });
});

test('every bug has a name of its own', () => {
  expect(new Set(ZOO.map(({ id }) => id)).size).toBe(ZOO.length);
});
