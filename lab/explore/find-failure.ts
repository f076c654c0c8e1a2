/** Tries one schedule after another until one fails, none is left, or patience ends. */
import type { Footprint } from '../../hw/hart/footprint.ts';
import type { Machine } from '../../hw/machine.ts';
import { everyExecution, type Search } from './every-execution.ts';
import { Recorder } from './recorder.ts';
import { executed, type Failed, type Subject, type Trial } from './subject.ts';

/** How long to search. */
export interface Patience {
  /** Schedules at most. */
  readonly schedules: number;
  /** Whether to go on after so many schedules; by default yes. */
  goOn?(schedules: number): boolean;
  /** Is told who writes the execution down that has just begun. */
  began?(recorder: Recorder): void;
}

export interface Found {
  /** Schedules that were run to their end. */
  readonly schedules: number;
  /** Whether the search had no schedule left. */
  readonly exhausted: boolean;
  /** The first failure. */
  readonly failed: Failed | undefined;
}

export function findFailure(subject: Subject, search: Search, patience: Patience): Found {
  const recording = new Recording(search, patience);
  let trial: Trial | undefined;
  let schedules = 0;
  let failed: Failed | undefined;
  const { exhausted, executions } = everyExecution(
    () => {
      trial = subject.start();
      return trial.machine;
    },
    (_machine, stop) => {
      const failure = trial?.judge(stop);
      if (failure !== undefined && recording.recorder !== undefined)
        failed = { ...executed(recording.recorder, failure), failure };
      return failed === undefined && patience.goOn?.(++schedules) !== false;
    },
    { limit: patience.schedules, steps: subject.steps, search: recording },
  );
  return { schedules: executions, exhausted: exhausted && failed === undefined, failed };
}

/** A search whose current execution is written down. */
class Recording implements Search {
  readonly needsFootprint: boolean;
  recorder: Recorder | undefined;
  private readonly search: Search;
  private readonly patience: Patience;

  constructor(search: Search, patience: Patience) {
    this.search = search;
    this.patience = patience;
    this.needsFootprint = search.needsFootprint;
  }

  get redundant(): number {
    return this.search.redundant;
  }

  begin(machine: Machine, footprint: Footprint): void {
    this.search.begin(machine, footprint);
    this.recorder = new Recorder(this.search, machine.harts);
    this.patience.began?.(this.recorder);
  }

  choose(runnable: readonly number[]): number | undefined {
    return this.recorder?.choose(runnable);
  }

  next(): boolean {
    return this.search.next();
  }
}
