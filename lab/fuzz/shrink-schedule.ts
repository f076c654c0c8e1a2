/** From an arbiter that draws to the schedule that it made, shrunk to the fewest preemptions. */
import { RandomArbiter } from '../../hw/sequencer/arbiter.ts';
import { Recorder } from '../explore/recorder.ts';
import { formatSchedule } from '../explore/schedule.ts';
import { shrink } from '../explore/shrink.ts';
import type { Subject } from '../explore/subject.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { runCase } from './run-case.ts';
import type { FailedCase } from './shrink-case.ts';
import { MOST_STEPS, Trial } from './trial.ts';

/** Executions at most, for each part of the shrinking. */
const PATIENCE = 1500;
/** A schedule with more switches says no more than the seed that it came from. */
const READABLE = 40;

/** The same failure by a short schedule; as it was if there is none. */
export function shrinkSchedule(failed: FailedCase): FailedCase {
  const { fuzz } = failed;
  if (fuzz.schedule.kind !== 'random') return failed;
  const trial = new Trial(fuzz);
  trial.boot();
  const recorder = new Recorder(new RandomArbiter(fuzz.schedule.seed), trial.machine.harts);
  const failure = trial.run(recorder);
  if (failure?.invariant !== failed.failure.invariant) return failed;
  const { schedule, preemptions, steps } = recorder;
  const subject = subjectOf(fuzz);
  const shrunk = shrink({ schedule, preemptions, steps, failure }, subject, { schedules: PATIENCE });
  const least = shrunk.failed.schedule;
  if (least.length > READABLE) return failed;
  const text = formatSchedule(least, trial.machine.actors);
  const shorter: FuzzCase = { ...fuzz, schedule: { kind: 'switches', text } };
  const again = runCase(shorter).failure;
  return again?.invariant === failure.invariant ? { fuzz: shorter, failure: again } : failed;
}

const subjectOf = (fuzz: FuzzCase): Subject => ({
  steps: MOST_STEPS / 5,
  start() {
    const trial = new Trial(fuzz);
    trial.boot();
    return trial;
  },
});
