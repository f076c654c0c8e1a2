/** The document of `eddy explore --json`, and the same for people. Fields may be added, never renamed. */
import { count } from '../view/text.ts';
import { wrap } from '../view/wrap.ts';
import type { NarratedStep } from './last-steps.ts';
import type { Strategy } from './strategy.ts';

export interface ExploreResult {
  readonly program: string;
  readonly strategy: Strategy;
  /** Schedules that were run to their end, before any shrinking. */
  readonly schedules: number;
  /** Whether the strategy had no schedule left; `covered` says what that means. */
  readonly exhausted: boolean;
  /** `bound`: preemptions up to which every schedule was run; `pct`: the least chance of each schedule. */
  readonly bound: number | null;
  /** What has been covered, in words. */
  readonly covered: string;
  readonly failure: null | {
    /** `crash`, `panic`, `deadlock`, `steps`, `status`, `check.` or `invariant.` and the name of one. */
    readonly invariant: string;
    readonly message: string;
    readonly schedule: string;
    readonly preemptions: number;
    readonly steps: number;
    /** Whether it is certain that no schedule with fewer preemptions fails so. */
    readonly fewest: boolean;
    /** The command that runs it again. */
    readonly replay: string;
    /** By hart. */
    readonly lastSteps: readonly (readonly NarratedStep[])[];
  };
  readonly hostSeconds: number;
}

const WIDTH = 80;

/** What was found, where, and how to see it again. */
export function resultInWords(result: ExploreResult): string {
  const { failure, program, strategy } = result;
  const tried = many(result.schedules, 'schedule');
  const seconds = `${result.hostSeconds.toFixed(1)} s`;
  if (failure === null)
    return `${program}: nothing broke in ${tried} (${strategy}, ${seconds})\n${folded(`covered: ${result.covered}`)}\n`;
  const { message, schedule, preemptions, steps, fewest, replay, lastSteps } = failure;
  const certainly = fewest && preemptions > 0 ? '; with fewer it does not fail so' : '';
  return [
    folded(`${program}: ${message}`),
    `found by ${strategy} after ${tried}; with the shrinking, ${seconds}`,
    `schedule: ${schedule}`,
    `  ${many(preemptions, 'preemption')}, ${many(steps, 'step')}${certainly}`,
    ...unfair(failure.invariant),
    ...lastSteps.flatMap((its, hart) => [`last steps of hart ${hart}:`, ...its.map(stepInWords)]),
    `run it again: ${replay}`,
    '',
  ].join('\n');
}

const folded = (text: string): string => wrap(text, WIDTH, '  ').join('\n');

/** A schedule need not be fair, and a loop that polls needs that. */
const unfair = (invariant: string): string[] =>
  invariant === 'steps'
    ? ['(no schedule is promised to be fair: a loop that polls must pause(), or wait\n  with spinUntil)']
    : [];

const stepInWords = ({ step, text }: NarratedStep): string => `${String(step).padStart(8)}  ${text}`;

const many = (number: number, noun: string): string => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
