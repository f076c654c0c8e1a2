/** Partial-order reduction in parts executes each order of dependent steps once, as in one piece. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Code, fetchAndAdd, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { carryOut } from '../../../lab/explore/carry-out.ts';
import { Dpor } from '../../../lab/explore/dpor.ts';
import { DporParts } from '../../../lab/explore/dpor-parts.ts';
import type { Division } from '../../../lab/explore/division.ts';
import { findFailure } from '../../../lab/explore/find-failure.ts';
import { Merger } from '../../../lab/explore/merger.ts';
import type { Subject } from '../../../lab/explore/subject.ts';
import { counting, PLANTED, storeThenLook } from './planted.ts';

const LIMITS = { schedules: 100_000, until: Number.POSITIVE_INFINITY, watchdogSeconds: 60 };

/** How many executions end in which way. */
type Ends = Readonly<Record<string, number>>;

function noting(subject: Subject): { subject: Subject; ends: Record<string, number> } {
  const ends: Record<string, number> = {};
  const start: Subject['start'] = () => {
    const trial = subject.start();
    return {
      machine: trial.machine,
      judge(stop) {
        const end = trial.judge(stop)?.message ?? 'ends well';
        ends[end] = (ends[end] ?? 0) + 1;
        return undefined;
      },
    };
  };
  return { subject: { steps: subject.steps, start }, ends };
}

function inParts(subject: Subject, harts: number): Ends {
  const noted = noting(subject);
  const division = new DporParts(harts) as Division;
  const merger = new Merger(division, LIMITS.schedules);
  for (let next = merger.next(); next !== undefined; next = merger.next())
    merger.take(
      next.number,
      carryOut(division, next.part, noted.subject, LIMITS, () => true),
    );
  expect(merger.exhausted).toBe(true);
  return noted.ends;
}

function inOnePiece(subject: Subject, harts: number): Ends {
  const noted = noting(subject);
  findFailure(noted.subject, new Dpor(harts), LIMITS);
  return noted.ends;
}

type Operation = 'load' | 'store' | 'add' | 'own';
const operations = fc.array(fc.constantFrom<Operation>('load', 'store', 'add', 'own'), { maxLength: 4 });

function* carryOutAll(hart: number, list: readonly Operation[]): Code {
  for (const operation of list) {
    if (operation === 'load') yield load(0x2000);
    else if (operation === 'store') yield store(0x2000, hart + 1);
    else if (operation === 'add') yield fetchAndAdd(0x2000, 1);
    else yield store(0x3000 + 64 * hart, 1);
  }
}

describe('partial-order reduction in parts', () => {
  test('has as many executions of each end as in one piece', () => {
    fc.assert(
      fc.property(fc.array(operations, { minLength: 2, maxLength: 3 }), fc.boolean(), (lists, buffered) => {
        const program = (hart: number): Code => carryOutAll(hart, lists[hart] ?? []);
        // Drains multiply what three harts could do.
        const subject = counting(lists.length, program, buffered && lists.length === 2 ? 2 : 0);
        expect(inParts(subject, lists.length)).toEqual(inOnePiece(subject, lists.length));
      }),
      { numRuns: 30, seed: 5 },
    );
  });

  test('has so of programs that wait, deadlock or are long, too', () => {
    const turns = counting(2, function* (hart) {
      for (let round = 0; round < 4; round++) {
        yield spinUntil(0x4000, 2 * round + hart);
        yield fetchAndAdd(0x2000, 1);
        yield store(0x4000, 2 * round + hart + 1);
      }
    });
    for (const subject of [storeThenLook, PLANTED[0]!.broken, PLANTED[1]!.broken, PLANTED[2]!.broken, turns])
      expect(inParts(subject, 2)).toEqual(inOnePiece(subject, 2));
  });
});
