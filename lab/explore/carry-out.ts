/** Carries out one part of a search: here, or in a worker thread. */
import { watched } from '../run/watchdog.ts';
import type { Division } from './division.ts';
import { findFailure } from './find-failure.ts';
import type { Recorder } from './recorder.ts';
import { executed, type Failed, type Subject } from './subject.ts';

/** How far to go. */
export interface PartLimits {
  /** Schedules at most. */
  readonly schedules: number;
  /** When to give up, as `Date.now()`. */
  readonly until: number;
  /** Host seconds that a program may compute without yielding an instruction. */
  readonly watchdogSeconds: number;
}

/** What came of a part: plain data. */
export interface PartResult {
  /** Schedules that were run to their end, and count. */
  readonly schedules: number;
  readonly failed: Failed | undefined;
  /** Whether the part was carried out to its end, or to a failure. */
  readonly isWhole: boolean;
  readonly learnt: unknown;
}

/** The name of the failure of a program that does not yield: it can be neither shrunk nor looked at. */
export const RUNAWAY = 'runaway';

/** Milliseconds after which the watchdog is set again. */
const SLICE = 500;
/** Steps that any host takes in a second. */
const STEPS_PER_SECOND = 100_000;

/** @param goOn asked after each schedule; giving false ends the part */
export function carryOut(
  division: Division,
  part: unknown,
  subject: Subject,
  limits: PartLimits,
  goOn: () => boolean,
): PartResult {
  const search = division.searchOf(part);
  const isSurvey = search.isSurvey === true;
  const tried = isSurvey ? unjudged(subject) : subject;
  const most = isSurvey ? Number.POSITIVE_INFINITY : limits.schedules;
  let schedules = 0;
  const state = { isWanted: true };
  let recorder: Recorder | undefined;
  const result = (isWhole: boolean, failed?: Failed): PartResult => ({
    schedules: isSurvey ? 0 : schedules,
    failed,
    isWhole,
    learnt: search.learnt,
  });
  while (state.isWanted && schedules < most) {
    const sliceEnd = Date.now() + SLICE;
    // Nobody but the watchdog can end a program that does not yield.
    const found = watched(patienceFor(subject, limits), () =>
      findFailure(tried, search, {
        schedules: most - schedules,
        goOn() {
          state.isWanted = goOn() && Date.now() < limits.until;
          return state.isWanted && Date.now() < sliceEnd;
        },
        began: (its) => void (recorder = its),
      }),
    );
    if (found === undefined) {
      schedules++;
      return result(true, recorder && runaway(recorder, limits.watchdogSeconds));
    }
    schedules += found.schedules;
    if (found.exhausted || found.failed !== undefined) return result(true, found.failed);
  }
  return result(false);
}

/** Seconds that a slice may take, of which one execution may be longer than the slice. */
const patienceFor = ({ steps }: Subject, { watchdogSeconds }: PartLimits): number =>
  SLICE / 1000 + watchdogSeconds + steps / STEPS_PER_SECOND;

const runaway = (recorder: Recorder, seconds: number): Failed => ({
  ...executed(recorder, undefined),
  failure: {
    invariant: RUNAWAY,
    message: `computes for ${seconds} s without yielding an instruction; a loop must yield, if only pause()`,
  },
});

const unjudged = (subject: Subject): Subject => ({
  steps: subject.steps,
  start: () => ({ machine: subject.start().machine, judge: () => undefined }),
});
