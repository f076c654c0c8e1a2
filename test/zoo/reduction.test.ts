/**
 * Partial-order reduction runs fewer executions than plain depth-first search, and misses no outcome: on every bug
 * and twin of which plain search runs all executions within the limit. Of the others it has at least those outcomes
 * that plain search sees until there.
 */
import { describe, expect, test } from 'vitest';
import { DepthFirst } from '../../lab/explore/depth-first.ts';
import { everyExecution, type Search } from '../../lab/explore/every-execution.ts';
import type { Subject, Trial } from '../../lab/explore/subject.ts';
import { word } from './bug.ts';
import { ZOO } from './catalogue.ts';
import { subjectOf } from './subject.ts';

/** Executions of plain search at most. */
const LIMIT = process.env['EDDY_DEEP'] ? 30_000 : 800;
/** So many forms are small enough for that. */
const AT_LEAST = 25;
const WORDS = Array.from({ length: 40 }, (_, index) => word(index));

interface Explored {
  readonly executions: number;
  readonly exhausted: boolean;
  /** How an execution ended, and what the shared words were then. */
  readonly outcomes: ReadonlySet<string>;
}

function explore(subject: Subject, options: { search?: Search; limit?: number } = {}): Explored {
  const outcomes = new Set<string>();
  let trial: Trial | undefined;
  const { executions, exhausted } = everyExecution(
    () => {
      trial = subject.start();
      return trial.machine;
    },
    (machine, stop) => {
      // A crash ends the run where it is, and what the others had done by then says nothing.
      const words = stop.kind === 'crashed' ? [] : WORDS.map((address) => machine.peek(address));
      outcomes.add([trial?.judge(stop)?.invariant ?? 'fine', ...words].join(' '));
    },
    { steps: subject.steps, ...options },
  );
  return { executions, exhausted, outcomes };
}

const FORMS = ZOO.flatMap((bug) =>
  (['faulty', 'correct'] as const).map((form) => ({ bug, form, id: bug.id })),
);
let small = 0;

describe.each(FORMS)('of the $form form of $id', ({ bug, form }) => {
  test('reduction has all outcomes, from fewer executions', () => {
    const subject = subjectOf(bug, form);
    const plain = explore(subject, { search: new DepthFirst(), limit: LIMIT });
    const reduced = explore(subject);
    expect(reduced.exhausted).toBe(true);
    if (plain.exhausted) {
      small++;
      expect([...reduced.outcomes].toSorted()).toEqual([...plain.outcomes].toSorted());
      expect(reduced.executions).toBeLessThanOrEqual(plain.executions);
      if (bug.harts > 1) expect(reduced.executions).toBeLessThan(plain.executions);
    } else {
      expect([...plain.outcomes].filter((outcome) => !reduced.outcomes.has(outcome))).toEqual([]);
    }
  });
});

test('plain search comes to an end on many of them', () => {
  expect(small).toBeGreaterThanOrEqual(AT_LEAST);
});
