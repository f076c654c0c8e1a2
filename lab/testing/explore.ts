/**
 * Searching the schedules from a test (lab/explore): a program, or a machine with a judgement, is run in one order of
 * its steps after another. What fails is shrunk to the fewest preemptions, and told so that it can be run again.
 */
import type { MachineConfig } from '../../hw/config.ts';
import { presetConfig } from '../../hw/presets.ts';
import type { KernelOptions } from '../../kernel/index.ts';
import { isProgram, type Program } from '../../userland/program.ts';
import { findFailure } from '../explore/find-failure.ts';
import { LastSteps, type NarratedStep } from '../explore/last-steps.ts';
import { programSubject } from '../explore/program-subject.ts';
import { formatSchedule, type Schedule } from '../explore/schedule.ts';
import { shrink } from '../explore/shrink.ts';
import { searching } from '../explore/strategies.ts';
import type { Strategy } from '../explore/strategy.ts';
import { executeBy, type Subject } from '../explore/subject.ts';
import { describeThrown } from '../load/load-program.ts';
import { noLocator } from '../load/location.ts';
import { parameterWordsOf } from '../settings/parameters.ts';
import type { Invariant } from './invariants/invariant.ts';
import { watchedSubject } from './watched-subject.ts';

export interface ExploreChoice {
  /** How to search. Default `bound`: fewest preemptions first. */
  readonly strategy?: Strategy;
  /** Schedules at most. Default 10,000. */
  readonly schedules?: number;
  /** Preemptions at most (`bound`), or the depth of the bug (`pct`). Default 3. */
  readonly depth?: number;
  /** Steps of a schedule at most; a longer one has failed. Default 100,000. */
  readonly steps?: number;
  /** For `random` and `pct`. Default 1. */
  readonly seed?: number;
  /** Invariants to which every schedule is held, beside the program's own checks. */
  readonly invariants?: readonly Invariant[];
  /** A program's machine. Default: 2 harts of `smp`. */
  readonly config?: MachineConfig;
  /** Whether a program runs without a kernel. Default: if it has a bare form. */
  readonly bare?: boolean;
  /** Values of the program's parameters by name; the others keep their defaults. */
  readonly parameters?: Readonly<Record<string, number>>;
  readonly kernelOptions?: KernelOptions;
}

/** What came of a search. */
export interface Explored {
  /** Schedules that were run to their end. */
  readonly schedules: number;
  /** Whether the strategy had no schedule left. */
  readonly exhausted: boolean;
  /** What was covered, in words. */
  readonly covered: string;
  readonly failure:
    | {
        /** The name of what broke, such as `deadlock`, `check.total`, `invariant.coherence`. */
        readonly invariant: string;
        readonly message: string;
        readonly schedule: Schedule;
        /** The same as text, for `eddy run --replay`. */
        readonly text: string;
        readonly preemptions: number;
        readonly lastSteps: readonly (readonly NarratedStep[])[];
      }
    | undefined;
}

const SMALL = { memoryPerNode: 1 << 20, disk: { blocks: 256, seek: 20_000, transfer: 500 } };
const KERNEL_MEMORY = 4 << 20;

/**
 * Searches for a schedule that fails.
 * @param subject a program, or anything that can be started anew and judged (lab/explore/subject.ts)
 * @throws UsageError when the program cannot run on such a machine
 */
export function explore(subject: Program | Subject, choice: ExploreChoice = {}): Explored {
  const { strategy = 'bound', schedules = 10_000, depth = 3, seed = 1, invariants = [] } = choice;
  const plain = isProgram(subject) ? subjectOf(subject, choice) : subject;
  const watched = invariants.length === 0 ? plain : watchedSubject(plain, invariants);
  const { machine } = plain.start();
  const { search, coverage } = searching(strategy, { harts: machine.harts, seed, depth });
  const found = findFailure(watched, search, { schedules });
  const covered = coverage(found.exhausted).text;
  const explored = { schedules: found.schedules, exhausted: found.exhausted, covered };
  if (found.failed === undefined) return { ...explored, failure: undefined };
  const { failed } = shrink(found.failed, watched);
  const last = new LastSteps();
  executeBy(failed.schedule, watched, (arbiter, its) => last.around(arbiter, its));
  return {
    ...explored,
    failure: {
      ...failed.failure,
      schedule: failed.schedule,
      text: formatSchedule(failed.schedule, machine.actors),
      preemptions: failed.preemptions,
      lastSteps: last.perHart,
    },
  };
}

/**
 * As `explore`, for a test: no schedule that is tried may fail.
 * @throws Error with the schedule and the last steps of each hart
 */
export function expectNoFailure(subject: Program | Subject, choice: ExploreChoice = {}): Explored {
  const explored = explore(subject, choice);
  const { failure } = explored;
  if (failure === undefined) return explored;
  const { message, text, preemptions, lastSteps } = failure;
  const steps = lastSteps.flatMap((own, hart) => [
    `last steps of hart ${hart}:`,
    ...own.map((step) => `${String(step.step).padStart(8)}  ${step.text}`),
  ]);
  const plural = preemptions === 1 ? '' : 's';
  throw new Error(
    [`${message}\nschedule: ${text} (${preemptions} preemption${plural})`, ...steps].join('\n'),
  );
}

/**
 * As `expectNoFailure`, and every schedule is tried, up to the order of steps that do not touch the same words.
 * @throws Error also when there are more schedules than `schedules` allows: then nothing has been shown
 * @throws RangeError when the program runs under the kernel
 */
export function expectEverySchedule(
  subject: Program | Subject,
  choice: Omit<ExploreChoice, 'strategy' | 'depth' | 'seed'> = {},
): Explored {
  if (isProgram(subject) && !isBare(subject, choice))
    throw new RangeError(
      `not every schedule of ${subject.name} under the kernel can be tried; use expectNoFailure`,
    );
  const explored = expectNoFailure(subject, { schedules: 100_000, ...choice, strategy: 'dpor' });
  if (!explored.exhausted) throw new Error(`${explored.schedules} schedules were run, and there are more`);
  return explored;
}

const isBare = (program: Program, { bare }: ExploreChoice): boolean =>
  bare ?? program.bareEntry !== undefined;

function subjectOf(program: Program, choice: ExploreChoice): Subject {
  const { kernelOptions = {}, parameters = {} } = choice;
  const bare = isBare(program, choice);
  const set = { ...SMALL, ...(bare ? {} : { memoryPerNode: KERNEL_MEMORY }) };
  const config = choice.config ?? presetConfig('smp', { harts: 2, set });
  return programSubject({
    program,
    config,
    parameters: parameterWordsOf(program, parameters),
    kernelOptions,
    bare,
    limits: {
      steps: choice.steps ?? 100_000,
      cycles: Number.POSITIVE_INFINITY,
      watchdogSeconds: 10,
    },
    describe: (error) => describeThrown(error, noLocator),
  });
}
