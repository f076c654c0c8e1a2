/** Runs every execution of a program; by default those that partial-order reduction does not find redundant. */
import { Footprint } from '../../hw/hart/footprint.ts';
import type { Machine, Stop } from '../../hw/machine.ts';
import type { Arbiter } from '../../hw/sequencer/arbiter.ts';
import { Dpor } from './dpor.ts';

/** What came of a search. */
export interface Exploration {
  /** Executions that ran to their end. */
  readonly executions: number;
  /** Executions cut short as redundant. */
  readonly redundant: number;
  /** Whether every execution was seen (and not only as many as the limit allows). */
  readonly exhausted: boolean;
}

/** More than any program that is worth searching takes; what takes more goes on for ever. */
const MOST_STEPS = 100_000;

/** A search that gives one schedule after another. */
export interface Search extends Arbiter {
  /** Executions cut short as redundant so far. */
  readonly redundant: number;
  /** Whether it asks what each step touches: that has a price. */
  readonly needsFootprint: boolean;
  /** Begins an execution on a machine that has just been built. */
  begin(machine: Machine, footprint: Footprint): void;
  /** Ends an execution; gives false when none is left to run. */
  next(): boolean;
}

/**
 * @param build makes a machine with its programs started; called for each execution
 * @param visit sees each complete execution, whose machine is gone afterwards; giving false ends the search
 * @param options `limit`: executions at most; `steps`: steps of one execution at most, after which it is visited with
 * a `budget` stop; `search`: how to search, by default with partial-order reduction
 */
export function everyExecution(
  build: () => Machine,
  visit: (machine: Machine, stop: Stop) => boolean | void,
  options: { readonly limit?: number; readonly steps?: number; readonly search?: Search } = {},
): Exploration {
  const footprint = new Footprint();
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let search = options.search;
  let executions = 0;
  for (;;) {
    const machine = build();
    search ??= new Dpor(machine.harts);
    if (search.needsFootprint) machine.recordFootprint(footprint);
    search.begin(machine, footprint);
    const stop = machine.runArbitrated(search, options.steps ?? MOST_STEPS);
    const complete = stop.kind !== 'arbiter';
    if (complete) executions++;
    const goOn = !complete || visit(machine, stop) !== false;
    const more = search.next();
    if (!goOn || !more || executions >= limit)
      return { executions, redundant: search.redundant, exhausted: !more };
    machine.discard();
  }
}
