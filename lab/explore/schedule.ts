/**
 * A schedule as text: whoever acts goes on, and the list says where somebody else does instead. `12>h3 40>d1`
 * means: at step 12 (counted from 0) go on with hart 3, at step 40 with the drain of hart 1's store buffer.
 * Between the switches the rule of `Turn` decides; the empty list, `default`, is that rule alone.
 *
 * A switch may say by an anchor, too, where it belongs: `12@h0:load.10040>h3`, right after hart 0's first load of
 * 0x10040. Then the anchor counts, and the step is only where it was when the schedule was made (anchor.ts).
 */
import type { Actors } from '../../hw/sequencer/actors.ts';
import { UsageError } from '../cli/exit.ts';
import { actorName, parseActor } from './actors.ts';
import { type Anchor, formatAnchor, parseAnchor } from './anchor.ts';

/** At this step, or where its anchor is, this actor acts. */
export interface Switch {
  readonly step: number;
  readonly actor: number;
  readonly anchor?: Anchor;
}

/** Switches in the order of their steps, at most one for each. */
export type Schedule = readonly Switch[];

const NO_SWITCH = 'default';
const WORD = /^(\d{1,9})(?:@([^>]+))?>(\w+)$/;

/** A switch as text. */
export const formatSwitch = ({ step, actor, anchor }: Switch, actors: Actors): string =>
  `${step}${anchor === undefined ? '' : `@${formatAnchor(anchor, actors)}`}>${actorName(actor, actors)}`;

/** A schedule as text, which `parseSchedule` reads. */
export const formatSchedule = (schedule: Schedule, actors: Actors): string =>
  schedule.map((change) => formatSwitch(change, actors)).join(' ') || NO_SWITCH;

/**
 * Reads a schedule for a machine with such actors.
 * @throws UsageError when the text is none, names an actor that the machine has not, or its steps do not ascend
 */
export function parseSchedule(text: string, actors: Actors): Schedule {
  const words = text.split(/\s+/).filter((word) => word !== '' && word !== NO_SWITCH);
  let last = -1;
  return words.map((word) => {
    const [, digits, where, who] = WORD.exec(word) ?? [];
    if (digits === undefined || who === undefined)
      throw new UsageError(
        `schedule: '${word}' is no switch; one looks like 12>h3, or 12@h0:load.10040#2>h3`,
      );
    const step = Number(digits);
    const actor = parseActor(who, actors);
    if (typeof actor === 'string') throw new UsageError(`schedule: '${word}': ${actor}`);
    if (step <= last) throw new UsageError(`schedule: '${word}' comes after step ${last}; steps must ascend`);
    last = step;
    if (where === undefined) return { step, actor };
    const anchor = parseAnchor(where, actors);
    if (typeof anchor === 'string') throw new UsageError(`schedule: '${word}': ${anchor}`);
    return { step, actor, anchor };
  });
}
