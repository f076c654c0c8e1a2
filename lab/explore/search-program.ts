/**
 * Searches the schedules of a program, by one job or several. It begins in this thread; only a search that has gone on
 * for a second gets worker threads, which have to load the program first. What is found does not depend on that.
 */
import { carryOut, type PartLimits } from './carry-out.ts';
import type { Coverage } from './division.ts';
import { Merger } from './merger.ts';
import { carryOutBy } from './pool.ts';
import type { ReplayedOptions } from './replay-command.ts';
import { divide, type Settings } from './strategies.ts';
import type { Strategy } from './strategy.ts';
import type { Failed, Subject } from './subject.ts';

/** How to search, and for how long. */
export interface SearchTask {
  /** The program as on the command line, and the options with which it is planned. */
  readonly target: string;
  readonly options: ReplayedOptions;
  readonly strategy: Strategy;
  readonly settings: Settings;
  readonly jobs: number;
  readonly limits: PartLimits;
}

export interface Searched {
  /** Schedules that were run to their end, up to the failure. */
  readonly schedules: number;
  readonly exhausted: boolean;
  readonly failed: Failed | undefined;
  readonly coverage: Coverage;
}

/** Milliseconds after which it is worth while to start workers. */
export const ALONE_FOR = 1000;

/**
 * @param show is told how many schedules have been run
 * @param aloneFor milliseconds before workers are started
 */
export async function searchProgram(
  task: SearchTask,
  subject: Subject,
  show: (schedules: number) => void,
  aloneFor = ALONE_FOR,
): Promise<Searched> {
  const { strategy, settings, limits, jobs } = task;
  const division = divide(strategy, settings);
  const merger = new Merger(division, limits.schedules);
  const alone = Date.now() + aloneFor;
  const handsOver = jobs > 1 && alone + aloneFor < limits.until ? alone : Number.POSITIVE_INFINITY;
  let redo: ReturnType<Merger['next']>;
  while (!merger.over && redo === undefined) {
    const next = merger.next();
    if (next === undefined) break;
    let done = merger.schedules;
    let isLate = Date.now() >= handsOver;
    const goOn = (): boolean => {
      show(++done);
      isLate = Date.now() >= handsOver;
      return !isLate;
    };
    const here = { ...limits, schedules: limits.schedules - merger.schedules };
    const result = isLate ? undefined : carryOut(division, next.part, subject, here, goOn);
    if (result === undefined || (isLate && !result.isWhole)) redo = next;
    else merger.take(next.number, result);
  }
  if (redo !== undefined) await carryOutBy(jobs, task, merger, redo, show);
  const { schedules, exhausted, failed } = merger;
  return { schedules, exhausted, failed, coverage: division.coverage(exhausted) };
}
