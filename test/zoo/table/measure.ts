/**
 * How each search does on each bug of the zoo and on its twin. Of a random search the middle one of several
 * seeds counts, by the number of schedules that it took.
 */
import { findFailure } from '../../../lab/explore/find-failure.ts';
import { Actors } from '../../../hw/sequencer/actors.ts';
import { formatSchedule } from '../../../lab/explore/schedule.ts';
import type { Subject } from '../../../lab/explore/subject.ts';
import type { Way } from './searches.ts';

/** A row of the table. */
export interface Measured {
  readonly bug: string;
  readonly form: 'faulty' | 'correct';
  readonly strategy: string;
  /** Of a random search. */
  readonly seed: number | null;
  /** Schedules until the bug showed, or all that were run. */
  readonly schedules: number;
  /** Whether the search had no schedule left. */
  readonly exhausted: boolean;
  readonly seconds: number;
  /** Of the schedule that failed; null when none did. */
  readonly preemptions: number | null;
  readonly steps: number | null;
  readonly schedule: string | null;
}

export interface Effort {
  /** Schedules at most. */
  readonly schedules: number;
  /** How many seeds a random search has. */
  readonly seeds: number;
}

/** Something to search, with its correct twin. */
export interface Twins {
  readonly id: string;
  readonly harts: number;
  readonly faulty: Subject;
  readonly correct: Subject;
}

/** Measures one form of a bug by one search. */
export function measure(twins: Twins, form: Measured['form'], way: Way, effort: Effort): Measured {
  const seeds = way.isRandom ? Array.from({ length: effort.seeds }, (_, index) => index + 1) : [1];
  const runs = seeds
    .map((seed) => measureOnce(twins, form, way, effort.schedules, seed))
    .toSorted((left, right) => left.schedules - right.schedules);
  return runs[runs.length >> 1] as Measured;
}

function measureOnce(
  twins: Twins,
  form: Measured['form'],
  way: Way,
  schedules: number,
  seed: number,
): Measured {
  const started = performance.now();
  const found = findFailure(twins[form], way.search(twins.harts, seed), { schedules });
  const { failed } = found;
  return {
    bug: twins.id,
    form,
    strategy: way.id,
    seed: way.isRandom ? seed : null,
    schedules: found.schedules,
    exhausted: found.exhausted,
    seconds: (performance.now() - started) / 1000,
    preemptions: failed?.preemptions ?? null,
    steps: failed?.steps ?? null,
    schedule: failed === undefined ? null : formatSchedule(failed.schedule, new Actors(twins.harts, 1)),
  };
}
