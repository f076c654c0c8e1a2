/**
 * Runs one plan on two machines side by side, slice by slice, and compares all that can be seen of them.
 * Both live in this process, so that a program which keeps state outside its machine is found out, too.
 */
import type { Stop } from '../../hw/machine.ts';
import type { TraceEvent } from '../../hw/trace/event.ts';
import type { RunPlan } from '../run/plan.ts';
import { RunSession } from '../run/session.ts';
import { watched } from '../run/watchdog.ts';
import { Recorder, sameEvent } from './recorder.ts';

const SLICE = 20_000;

/** The first place where two runs differ; an event is missing where one run had ended. */
export interface Difference {
  /** Position in the stream of events, from 0. */
  readonly index: number;
  readonly first: TraceEvent | null;
  readonly second: TraceEvent | null;
}

export interface Comparison {
  /** Events that were compared. */
  readonly events: number;
  readonly difference: Difference | null;
  /** How the runs ended. */
  readonly end: Stop['kind'] | 'runaway';
}

/** A run that goes on in slices, and whose events are kept. */
export interface Recorded {
  run(instructions: number): Slice;
}

export interface Slice {
  readonly events: readonly TraceEvent[];
  readonly end: Comparison['end'];
  /** Whether the run may not go on, though it has not ended. */
  readonly cyclesSpent?: boolean;
}

/** @param progress is told the number of steps taken by each run */
export const compareRuns = (plan: RunPlan, progress?: (steps: number) => void): Comparison =>
  compareRecorded([new RecordedRun(plan), new RecordedRun(plan)], plan.limits.steps, progress);

/** Lets two runs go on side by side, for so many steps at most, until they differ or end. */
export function compareRecorded(
  runs: readonly [Recorded, Recorded],
  most: number,
  progress: (steps: number) => void = () => undefined,
): Comparison {
  let events = 0;
  for (let steps = 0; ; ) {
    const slice = Math.min(SLICE, most - steps);
    const [first, second] = [runs[0].run(slice), runs[1].run(slice)];
    const difference = firstDifference(first.events, second.events, events);
    if (difference !== null) return { events: difference.index, difference, end: first.end };
    events += first.events.length;
    steps += slice;
    if (first.end !== 'budget' || steps >= most || first.cyclesSpent === true)
      return { events, difference: null, end: first.end };
    progress(steps);
  }
}

class RecordedRun implements Recorded {
  private readonly session: RunSession;
  private readonly recorder = new Recorder();

  constructor(plan: RunPlan) {
    this.session = new RunSession(plan);
    this.session.machine.trace.attach(this.recorder);
    this.session.start();
  }

  run(instructions: number): Slice {
    const { machine, plan } = this.session;
    const { cycles, watchdogSeconds } = plan.limits;
    const stop = watched(watchdogSeconds, () => machine.run({ instructions, cycles }));
    const cyclesSpent = stop?.kind === 'budget' && stop.what === 'cycles';
    return { events: this.recorder.take(), end: stop?.kind ?? 'runaway', cyclesSpent };
  }
}

function firstDifference(
  first: readonly TraceEvent[],
  second: readonly TraceEvent[],
  before: number,
): Difference | null {
  const length = Math.max(first.length, second.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [first[index], second[index]];
    if (left === undefined || right === undefined || !sameEvent(left, right)) {
      return { index: before + index, first: left ?? null, second: right ?? null };
    }
  }
  return null;
}
