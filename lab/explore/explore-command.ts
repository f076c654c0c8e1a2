/** Carries out `eddy explore`: searches, shrinks what it finds, and shows how to run it again. */
import { hartCount } from '../../hw/config.ts';
import { Actors } from '../../hw/sequencer/actors.ts';
import { EXIT } from '../cli/exit.ts';
import type { Host } from '../cli/host.ts';
import type { RunPlan } from '../run/plan.ts';
import { watched } from '../run/watchdog.ts';
import { progressFor } from '../view/progress-bar.ts';
import { type ExploreResult, resultInWords } from './explore-result.ts';
import { findFailure } from './find-failure.ts';
import { LastSteps } from './last-steps.ts';
import { programSubject } from './program-subject.ts';
import { formatSchedule } from './schedule.ts';
import { shrink, type Shrunk } from './shrink.ts';
import { searching, type Strategy } from './strategies.ts';
import { anchored, executeBy, type Subject } from './subject.ts';

export interface ExploreOptions {
  readonly strategy: Strategy;
  /** Schedules at most. */
  readonly schedules: number;
  /** Preemptions at most (`bound`), or the depth of the bug (`pct`). */
  readonly depth: number;
  /** Host seconds at most, for the search and again for each part of the shrinking. */
  readonly seconds: number;
  readonly json?: boolean;
}

/** Executions at most for each part of the shrinking. */
const SHRINKING = 5000;

/**
 * Explores the plan; gives the exit status.
 * @param command how to run the program with the same options, all but `--replay`
 */
export function explore(plan: RunPlan, command: string, options: ExploreOptions, host: Host): number {
  const { strategy, depth, schedules, seconds } = options;
  const { program, config, limits } = plan;
  const started = performance.now();
  const subject = programSubject(plan);
  const harts = hartCount(config);
  const { search, coverage } = searching(strategy, { harts, seed: config.seed, depth });
  const bar = progressFor(host, `exploring ${program.name}`, schedules, 'schedules');
  // Nobody but the watchdog can end a program that does not yield.
  const patiently = <T extends object>(parts: number, work: () => T): T | undefined =>
    watched(parts * seconds + limits.watchdogSeconds, work);
  const inTime = within(seconds);
  const goOn = (done: number): boolean => {
    bar.update(done);
    return inTime();
  };
  const found = patiently(1, () => findFailure(subject, search, { schedules, goOn }));
  const { failed } = found ?? {};
  const shrunk =
    failed &&
    patiently(3, () => shrink(failed, subject, { schedules: SHRINKING, goOn: within(3 * seconds) }));
  bar.done();
  if (found === undefined || (failed !== undefined && shrunk === undefined)) {
    host.err(
      `eddy: ${program.name} computes without yielding an instruction; a loop must yield, if only pause()\n`,
    );
    return EXIT.crashed;
  }
  const { bound, text } = coverage(found.exhausted);
  const result: ExploreResult = {
    program: program.name,
    strategy,
    schedules: found.schedules,
    exhausted: found.exhausted,
    bound,
    covered: plan.bare ? text : `${text}, counted from the boot on`,
    failure:
      shrunk === undefined ? null : failureOf(shrunk, subject, new Actors(harts, config.nodes), command),
    hostSeconds: (performance.now() - started) / 1000,
  };
  host.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : resultInWords(result));
  return result.failure === null ? EXIT.ok : EXIT.crashed;
}

function within(seconds: number): () => boolean {
  const end = performance.now() + 1000 * seconds;
  return () => performance.now() < end;
}

function failureOf(
  { failed, fewest }: Shrunk,
  subject: Subject,
  actors: Actors,
  command: string,
): NonNullable<ExploreResult['failure']> {
  const last = new LastSteps();
  const { failure } = failed;
  executeBy(failed.schedule, subject, (arbiter, machine) => last.around(arbiter, machine));
  const schedule = formatSchedule(anchored(failed.schedule, subject), actors);
  return {
    ...failure,
    schedule,
    preemptions: failed.preemptions,
    steps: failed.steps,
    fewest,
    replay: `${command} --replay '${schedule}'`,
    lastSteps: last.perHart,
  };
}
