/**
 * A schedule as text: whoever acts goes on, and the list says where somebody else does instead. `12>h3 40>d1`
 * means: at step 12 (counted from 0) go on with hart 3, at step 40 with the drain of hart 1's store buffer.
 * Between the switches the rule of `Turn` decides; the empty list, `default`, is that rule alone.
 */
import { drainActor } from '../../hw/sequencer/arbiter.ts';
import { UsageError } from '../cli/exit.ts';

/** At this step, this actor acts. */
export interface Switch {
  readonly step: number;
  readonly actor: number;
}

/** Switches in the order of their steps, at most one for each. */
export type Schedule = readonly Switch[];

const NO_SWITCH = 'default';
const WORD = /^(\d{1,9})>([hd])(\d{1,4})$/;

/** An actor's name: `h3` is hart 3, `d3` the drain of its store buffer. */
export const actorName = (actor: number, harts: number): string =>
  actor < harts ? `h${actor}` : `d${actor - harts}`;

/** A schedule as text, which `parseSchedule` reads. */
export const formatSchedule = (schedule: Schedule, harts: number): string =>
  schedule.map(({ step, actor }) => `${step}>${actorName(actor, harts)}`).join(' ') || NO_SWITCH;

/**
 * Reads a schedule for a machine with so many harts.
 * @throws UsageError when the text is none, names a hart that the machine has not, or its steps do not ascend
 */
export function parseSchedule(text: string, harts: number): Schedule {
  const words = text.split(/\s+/).filter((word) => word !== '' && word !== NO_SWITCH);
  let last = -1;
  return words.map((word) => {
    const [, digits, kind, number] = WORD.exec(word) ?? [];
    if (digits === undefined)
      throw new UsageError(`schedule: '${word}' is no switch; one looks like 12>h3, or 40>d1 for a drain`);
    const [step, hart] = [Number(digits), Number(number)];
    if (hart >= harts) throw new UsageError(`schedule: '${word}': the machine has ${harts} harts, from 0 on`);
    if (step <= last) throw new UsageError(`schedule: '${word}' comes after step ${last}; steps must ascend`);
    last = step;
    return { step, actor: kind === 'h' ? hart : drainActor(hart, harts) };
  });
}
