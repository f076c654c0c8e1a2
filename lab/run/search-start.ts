/**
 * Where schedules begin: a program is set up in the order of time, and only then does an arbiter decide. That is right
 * before the step that passes the program's `exploreHere()`. A program that has none, or does not reach it within a
 * million steps, begins with the first step in user mode; without a kernel, at once.
 */
import type { Machine } from '../../hw/machine.ts';
import { MARK } from '../../hw/isa/mark.ts';
import type { RunPlan } from './plan.ts';
import { watched } from './watchdog.ts';

/** Steps within which `exploreHere()` is looked for. */
const LOOKED_FOR = 1_000_000;
const SLICE = 1000;

const known = new WeakMap<RunPlan, number>();

/**
 * Steps in the order of time before schedules begin.
 * @param start builds the plan's machine and starts the program on it
 */
export function stepsBeforeSearch(plan: RunPlan, start: () => Machine): number {
  let steps = known.get(plan);
  if (steps === undefined) {
    steps = stepsBeforeMark(plan, start) ?? (plan.bare ? 0 : stepsBeforeUser(start()));
    known.set(plan, steps);
  }
  return steps;
}

function stepsBeforeMark(plan: RunPlan, start: () => Machine): number | undefined {
  const inSlices = stepsUntilMark(start(), SLICE, plan);
  if (inSlices === undefined) return undefined;
  const machine = start();
  const before = inSlices - SLICE;
  if (before > 0) machine.run({ instructions: before });
  return before + (stepsUntilMark(machine, 1, plan) ?? 1) - 1;
}

/** Steps that have been taken when the mark has been passed, in whole slices. */
function stepsUntilMark(machine: Machine, slice: number, plan: RunPlan): number | undefined {
  let isPassed = false;
  machine.trace.attach({
    event: (event) => {
      if (event.kind === 'mark' && event.mark === MARK.searchFrom) isPassed = true;
    },
  });
  for (let steps = slice; steps <= LOOKED_FOR; steps += slice) {
    const stop = watched(plan.limits.watchdogSeconds, () => machine.run({ instructions: slice }));
    if (isPassed) return steps;
    if (stop?.kind !== 'budget') return undefined;
  }
  return undefined;
}

function stepsBeforeUser(machine: Machine): number {
  const harts = Array.from({ length: machine.harts }, (_, hart) => hart);
  let steps = 0;
  while (!harts.some((hart) => machine.isUser(hart))) {
    if (machine.run({ instructions: 1 }).kind !== 'budget') break;
    steps++;
  }
  return steps;
}
