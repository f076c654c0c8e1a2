/** What a search of schedules tries: a program that can be started anew, and a judgement on how it ended. */
import type { Machine, Stop } from '../../hw/machine.ts';
import type { Arbiter } from '../../hw/sequencer/arbiter.ts';
import { AnchorNamer } from './anchor-namer.ts';
import { Recorder } from './recorder.ts';
import { Replay } from './replay.ts';
import type { Schedule } from './schedule.ts';

/** What broke. */
export interface Failure {
  /** Its name, by which two failures are the same: `crash`, `deadlock`, `check.total`, … */
  readonly invariant: string;
  /** A sentence about it. */
  readonly message: string;
}

/** The program on a machine that was built for one execution. */
export interface Trial {
  readonly machine: Machine;
  /** What broke in the execution, which stopped so; nothing if all is well. */
  judge(stop: Stop): Failure | undefined;
}

export interface Subject {
  /** Steps of an execution at most. */
  readonly steps: number;
  /** Builds the machine, and starts the program. */
  start(): Trial;
}

/** One execution, by the schedule that repeats it. */
export interface Executed {
  readonly schedule: Schedule;
  readonly preemptions: number;
  readonly steps: number;
  readonly failure: Failure | undefined;
}

/** An execution that failed. */
export type Failed = Executed & { readonly failure: Failure };

/**
 * Executes the program by a schedule.
 * @param around puts something between the machine and the arbiter, to look on
 */
export function executeBy(
  schedule: Schedule,
  subject: Subject,
  around: (arbiter: Arbiter, machine: Machine) => Arbiter = (arbiter) => arbiter,
): Executed {
  const trial = subject.start();
  const { machine } = trial;
  const recorder = new Recorder(around(new Replay(schedule, machine), machine), machine.harts);
  const stop = machine.runArbitrated(recorder, subject.steps);
  return executed(recorder, trial.judge(stop));
}

/** The same schedule with an anchor on each switch: found by executing it once more. */
export function anchored(schedule: Schedule, subject: Subject): Schedule {
  const { machine } = subject.start();
  const recorder = new Recorder(new Replay(schedule, machine), machine.harts, new AnchorNamer(machine));
  machine.runArbitrated(recorder, subject.steps);
  return recorder.schedule;
}

/** What a recorder has seen of an execution that ended so. */
export const executed = (recorder: Recorder, failure: Failure | undefined): Executed => ({
  schedule: recorder.schedule,
  preemptions: recorder.preemptions,
  steps: recorder.steps,
  failure,
});
