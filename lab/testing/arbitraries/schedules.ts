/** Schedules (lab/explore/schedule.ts). They shrink to fewer switches, then to earlier ones and lower actors. */
import fc from 'fast-check';
import { Actors } from '../../../hw/sequencer/actors.ts';
import type { Schedule } from '../../explore/schedule.ts';

/** Which schedules to draw. */
export interface ScheduleChoice {
  /** Harts and nodes of the machine. Default 2 and 1. */
  readonly harts?: number;
  readonly nodes?: number;
  /** Steps within which switches lie. Default 200. */
  readonly steps?: number;
  /** Switches at most. Default 4. */
  readonly switches?: number;
  /** Whether the drains of store buffers act, too. Default false. */
  readonly drains?: boolean;
  /** Whether device events do (`machine.chooseEvents`). Default false. */
  readonly events?: boolean;
}

/** Schedules for a machine. A switch to somebody who cannot act is passed over in a replay. */
export function schedules(choice: ScheduleChoice = {}): fc.Arbitrary<Schedule> {
  const { harts = 2, nodes = 1, steps = 200, switches = 4, drains = false, events = false } = choice;
  const actors = new Actors(harts, nodes);
  const all = Array.from({ length: actors.count }, (_, actor) => actor);
  const chosen = all.filter((actor) => {
    if (actors.isEvent(actor)) return events;
    return actor < harts || drains;
  });
  return fc
    .uniqueArray(
      fc.record({ step: fc.integer({ min: 0, max: steps - 1 }), actor: fc.constantFrom(...chosen) }),
      { maxLength: switches, selector: ({ step }) => step },
    )
    .map((list) => list.toSorted((left, right) => left.step - right.step));
}
