/**
 * Every schedule of a small exercise, or as many as there is patience for, and what that covers.
 *
 * First all executions, up to the order of independent steps. Where there are more than the limit, or where a
 * waiter polls, so that there is no end of them: all schedules with no preemption, with one, and so on.
 */
import { Machine, type Stop } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { Dpor } from '../../../../lab/explore/dpor.ts';
import { everyExecution, type Search } from '../../../../lab/explore/every-execution.ts';
import { searching } from '../../../../lab/explore/strategies.ts';
import type { Code } from '../../../../userland/index.ts';

/** Stores that the buffer of each hart holds. */
export const MODELS = { sc: 0, tso: 4 } as const;
export type Model = keyof typeof MODELS;

/** What harts do, and whether all is well when they have finished. */
export interface Exercise {
  readonly harts: number;
  code(hart: number): Code;
  holds(machine: Machine): boolean;
}

export interface Coverage {
  /** `some`: not even every schedule without a preemption; `wrong`: one that does not end well was found. */
  readonly kind: 'every execution' | 'preemptions' | 'some' | 'wrong';
  /** `preemptions`: every schedule with at most so many was run. */
  readonly bound: number | null;
  readonly executions: number;
  /** How executions ended that did not end well. */
  readonly wrong: readonly string[];
}

const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 1024, ways: 2, line: 64 },
  disk: { blocks: 8, seek: 0, transfer: 1 },
} as const;
/** No execution takes as many steps unless a hart polls. */
const STEPS = 600;
const DEEP = process.env['EDDY_DEEP'] !== undefined;
/** Executions at most, up to the order of independent steps; buffers make them many more. */
const EXECUTIONS: Readonly<Record<Model, number>> = DEEP
  ? { sc: 300_000, tso: 300_000 }
  : { sc: 14_000, tso: 1500 };
const SCHEDULES = DEEP ? 20_000 : 1000;
const MOST_PREEMPTIONS = 3;
/** How an execution ends that goes on polling. */
const POLLS = 'budget';

interface Ran {
  readonly executions: number;
  readonly exhausted: boolean;
  readonly wrong: ReadonlySet<string>;
}

function run(exercise: Exercise, model: Model, search: Search, limit: number): Ran {
  const config = presetConfig('smp', {
    harts: exercise.harts,
    set: { ...SMALL, storeBuffer: MODELS[model] },
  });
  const wrong = new Set<string>();
  const { executions, exhausted } = everyExecution(
    () => {
      const machine = new Machine(config);
      for (let hart = 0; hart < exercise.harts; hart++) machine.start(hart, exercise.code, hart);
      return machine;
    },
    (machine, stop) => {
      const end = endOf(exercise, machine, stop);
      if (end !== undefined) wrong.add(end);
      return end === undefined;
    },
    { search, limit, steps: STEPS },
  );
  return { executions, exhausted, wrong };
}

function endOf(exercise: Exercise, machine: Machine, stop: Stop): string | undefined {
  if (stop.kind !== 'finished') return stop.kind;
  return exercise.holds(machine) ? undefined : 'violated';
}

/** Runs the exercise as far as there is patience. */
export function cover(exercise: Exercise, model: Model): Coverage {
  const all = run(exercise, model, new Dpor(exercise.harts), EXECUTIONS[model]);
  const wrong = [...all.wrong].filter((end) => end !== POLLS);
  if (wrong.length > 0) return { kind: 'wrong', bound: null, executions: all.executions, wrong };
  if (all.exhausted) return { kind: 'every execution', bound: null, executions: all.executions, wrong };
  const settings = { harts: exercise.harts, seed: 1, depth: MOST_PREEMPTIONS };
  const { search, coverage } = searching('bound', settings);
  const { executions, exhausted, wrong: found } = run(exercise, model, search, SCHEDULES);
  if (found.size > 0) return { kind: 'wrong', bound: null, executions, wrong: [...found] };
  const { bound } = coverage(exhausted);
  return { kind: bound === null ? 'some' : 'preemptions', bound, executions, wrong: [] };
}
