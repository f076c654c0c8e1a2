/** Carries out `eddy explore`: searches, shrinks what it finds, and shows how to run it again. */
import { hartCount } from '../../hw/config.ts';
import { Actors } from '../../hw/sequencer/actors.ts';
import { EXIT } from '../cli/exit.ts';
import type { Host } from '../cli/host.ts';
import type { RunPlan } from '../run/plan.ts';
import { watched } from '../run/watchdog.ts';
import { progressFor } from '../view/progress-bar.ts';
import { RUNAWAY } from './carry-out.ts';
import { type ExploreResult, resultInWords } from './explore-result.ts';
import { LastSteps } from './last-steps.ts';
import { programSubject } from './program-subject.ts';
import type { ReplayedOptions } from './replay-command.ts';
import { formatSchedule } from './schedule.ts';
import { searchProgram } from './search-program.ts';
import { shrink, type Shrunk } from './shrink.ts';
import type { Strategy } from './strategy.ts';
import { anchored, executeBy, type Failed, type Subject } from './subject.ts';

export interface ExploreOptions extends ReplayedOptions {
  readonly strategy: Strategy;
  /** Schedules at most. */
  readonly schedules: number;
  /** Preemptions or delays at most, or the depth of the bug (`pct`). */
  readonly depth: number;
  /** Host seconds at most, for the search and again for each part of the shrinking. */
  readonly seconds: number;
  /** Worker threads at most. */
  readonly jobs: number;
}

/** What is explored: as on the command line, and as planned. */
export interface Explored {
  readonly target: string;
  readonly plan: RunPlan;
  /** The command that runs it by a schedule, on the same machine. */
  replay(schedule: string, failure: Failed['failure']): string;
}

/** Executions at most for each part of the shrinking. */
const SHRINKING = 5000;

/** Explores a program; gives the exit status. */
export async function explore(explored: Explored, options: ExploreOptions, host: Host): Promise<number> {
  const { strategy, depth, schedules, seconds, jobs } = options;
  const { target, plan } = explored;
  const { program, config, limits, bare } = plan;
  const started = performance.now();
  const subject = programSubject(plan);
  const bar = progressFor(host, `exploring ${program.name}`, schedules, 'schedules');
  const settings = { harts: hartCount(config), seed: config.seed, depth };
  const until = Date.now() + 1000 * seconds;
  const { watchdogSeconds } = limits;
  const task = { target, options, strategy, settings, jobs, limits: { schedules, until, watchdogSeconds } };
  const found = await searchProgram(task, subject, (done) => bar.update(done));
  const shrunk = found.failed && shrinkInTime(found.failed, subject, seconds, watchdogSeconds);
  bar.done();
  const { bound, text } = found.coverage;
  const result: ExploreResult = {
    program: program.name,
    strategy,
    schedules: found.schedules,
    exhausted: found.exhausted,
    bound,
    covered: bare ? text : `${text}, counted from where the search begins`,
    failure: shrunk === undefined ? null : failureOf(shrunk, subject, explored),
    hostSeconds: (performance.now() - started) / 1000,
  };
  host.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : resultInWords(result));
  return result.failure === null ? EXIT.ok : EXIT.crashed;
}

function shrinkInTime(failed: Failed, subject: Subject, seconds: number, watchdogSeconds: number): Shrunk {
  const asFound = { failed, fewest: failed.preemptions === 0 };
  // Each attempt would take as long as the watchdog waits.
  if (failed.failure.invariant === RUNAWAY) return asFound;
  const end = performance.now() + 3000 * seconds;
  const patience = { schedules: SHRINKING, goOn: () => performance.now() < end };
  // Another schedule may lead to where the program does not yield.
  return watched(3 * seconds + watchdogSeconds, () => shrink(failed, subject, patience)) ?? asFound;
}

function failureOf(
  { failed, fewest }: Shrunk,
  subject: Subject,
  { plan, replay }: Explored,
): NonNullable<ExploreResult['failure']> {
  const last = new LastSteps();
  const { failure, preemptions, steps } = failed;
  // The step that a runaway never comes back from is not taken again.
  const seen = failure.invariant === RUNAWAY ? { ...subject, steps: steps - 1 } : subject;
  executeBy(failed.schedule, seen, (arbiter, machine) => last.around(arbiter, machine));
  const actors = new Actors(hartCount(plan.config), plan.config.nodes);
  const schedule = formatSchedule(anchored(failed.schedule, seen), actors);
  return {
    ...failure,
    schedule,
    preemptions,
    steps,
    fewest,
    replay: replay(schedule, failure),
    lastSteps: last.perHart,
  };
}
