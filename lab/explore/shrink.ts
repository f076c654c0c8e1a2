/**
 * From a schedule that fails to the least that fails in the same way: fewest preemptions, then fewest switches,
 * then the earliest. Every candidate is executed, and what counts is what the execution did: the schedule that
 * was recorded, and whether the same invariant broke.
 */
import { findFailure, type Patience } from './find-failure.ts';
import { PreemptionBound } from './preemption-bound.ts';
import type { Schedule } from './schedule.ts';
import { executeBy, type Executed, type Failed, type Subject } from './subject.ts';

export interface Shrunk {
  readonly failed: Failed;
  /** Whether all schedules with fewer preemptions were run, and none fails so. */
  readonly fewest: boolean;
}

const ENOUGH: Patience = { schedules: 5000 };

// DOC: shrink
/** @param patience for each part: dropping switches, trying those with few, and dropping switches of that */
export function shrink(failed: Failed, subject: Subject, patience = ENOUGH): Shrunk {
  const dropped = new Shrinker(subject, patience).shrink(failed);
  if (dropped.preemptions === 0) return { failed: dropped, fewest: true };
  // From here on it does not matter where the search began: the first of the fewest is always the same one.
  const search = new PreemptionBound(dropped.preemptions);
  const { failed: first } = findFailure(onlyWith(subject, failed.failure.invariant), search, patience);
  const least = first === undefined ? dropped : new Shrinker(subject, patience).shrink(first);
  return { failed: least, fewest: search.complete >= least.preemptions - 1 };
}

/** The same subject, of which only one kind of failure counts. */
const onlyWith = (subject: Subject, invariant: string): Subject => ({
  steps: subject.steps,
  start() {
    const trial = subject.start();
    return {
      machine: trial.machine,
      judge: (stop) => {
        const failure = trial.judge(stop);
        return failure?.invariant === invariant ? failure : undefined;
      },
    };
  },
});

class Shrinker {
  private readonly subject: Subject;
  private readonly patience: Patience;
  private runs = 0;

  constructor(subject: Subject, patience: Patience) {
    this.subject = subject;
    this.patience = patience;
  }

  shrink(failed: Failed): Failed {
    let best = failed;
    for (;;) {
      const smaller = this.earlier(this.fewer(best));
      if (smaller === best) return best;
      best = smaller;
    }
  }

  /** Drops switches: halves, quarters, … single ones. */
  private fewer(failed: Failed): Failed {
    let best = failed;
    for (let size = best.schedule.length; size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < best.schedule.length; ) {
        const { schedule } = best;
        const smaller = this.better(best, [...schedule.slice(0, from), ...schedule.slice(from + size)]);
        if (smaller === undefined) from += size;
        else best = smaller;
      }
    }
    return best;
  }

  /** Moves each switch to the first step at which it does. */
  private earlier(failed: Failed): Failed {
    let best = failed;
    for (let index = 0; index < best.schedule.length; index++) {
      const moved = best.schedule[index];
      if (moved === undefined) break;
      const before = best.schedule.slice(0, index);
      const after = best.schedule.slice(index + 1);
      for (let step = (before.at(-1)?.step ?? -1) + 1; step < moved.step; step++) {
        const smaller = this.better(best, [...before, { ...moved, step }, ...after]);
        if (smaller === undefined) continue;
        best = smaller;
        break;
      }
    }
    return best;
  }

  /** Executes a candidate; gives it if it fails in the same way and is less. */
  private better(best: Failed, candidate: Schedule): Failed | undefined {
    const { schedules, goOn } = this.patience;
    if (this.runs >= schedules || goOn?.(this.runs) === false) return undefined;
    this.runs++;
    const run = executeBy(candidate, this.subject);
    const { failure } = run;
    if (failure?.invariant !== best.failure.invariant || failure === undefined) return undefined;
    return isLess(run, best) ? { ...run, failure } : undefined;
  }
}

/** The order in which schedules are preferred. */
function isLess(left: Executed, right: Executed): boolean {
  if (left.preemptions !== right.preemptions) return left.preemptions < right.preemptions;
  if (left.schedule.length !== right.schedule.length) return left.schedule.length < right.schedule.length;
  for (const [index, { step, actor }] of left.schedule.entries()) {
    const other = right.schedule[index];
    if (other === undefined || (step === other.step && actor === other.actor)) continue;
    return step !== other.step ? step < other.step : actor < other.actor;
  }
  return false;
}
