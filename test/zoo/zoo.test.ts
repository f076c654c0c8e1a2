/** Every bug of the zoo is found, with as few preemptions as it takes, and none in a correct twin. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { everyExecution } from '../../lab/explore/every-execution.ts';
import { executeBy, type Subject, type Trial } from '../../lab/explore/subject.ts';
import { parseSchedule } from '../../lab/explore/schedule.ts';
import { ZOO } from './catalogue.ts';
import { KERNEL_BUGS } from './kernel/catalogue.ts';
import { subjectOf, twinsOf } from './subject.ts';
import { effortFor } from './table/collect.ts';
import { measure } from './table/measure.ts';
import { bareCells, lineOf } from './table/readme.ts';
import { WAYS } from './table/searches.ts';

const TABLE = readFileSync(new URL('README.md', import.meta.url), 'utf8');
const BOUND = WAYS.find(({ id }) => id === 'bound') as (typeof WAYS)[number];

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

describe.each(ZOO)('$id, $title', (bug) => {
  const { shows, harts, modelPreemptions } = bug;
  const faulty = subjectOf(bug, 'faulty');

  test('shows in some of all executions of the faulty form, and only as it should', () => {
    const { executions, exhausted, failures } = explore(faulty);
    expect(exhausted).toBe(true);
    expect(Object.keys(failures)).toEqual([shows]);
    if (harts > 1) expect(executions).toBeGreaterThan(failures[shows] as number);
  });

  test('shows in no execution of the correct twin', () => {
    const { executions, exhausted, failures } = explore(subjectOf(bug, 'correct'));
    expect({ exhausted, failures }).toEqual({ exhausted: true, failures: {} });
    if (harts > 1) expect(executions).toBeGreaterThan(1);
  });

  test('takes as many preemptions as the table says, at most one more than in the model', () => {
    const measured = measure(twinsOf(bug), 'faulty', BOUND, effortFor('bare', 'faulty', BOUND));
    const { schedule, preemptions } = measured;
    expect(preemptions).toBeLessThanOrEqual(modelPreemptions + 1);
    expect(TABLE).toContain(lineOf(bareCells(bug, measured)));
    const again = executeBy(parseSchedule(schedule as string, faulty.start().machine.actors), faulty);
    expect([again.failure?.invariant, again.preemptions]).toEqual([shows, preemptions]);
  });
});

test('every bug has a name of its own', () => {
  const ids = [...ZOO, ...KERNEL_BUGS].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
