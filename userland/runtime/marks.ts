/**
 * What a program says to a search of schedules (`eddy explore`). Nothing of it costs a cycle, or is a step.
 */
import { type Code, mark, MARK, packPlace } from '../../hw/isa/index.ts';

/** The search, and every schedule, begins here: what comes before is set up in the order of time. */
export function* exploreHere(): Code<void> {
  yield mark(MARK.searchFrom);
}

/**
 * Names this place: schedules tell what comes after it by its name, and so survive edits elsewhere.
 * @param name 1 to 12 of a–z, 0–9, `-`, `_` and `.`
 * @throws RangeError for another name
 */
export function* place(name: string): Code<void> {
  const [first, second] = packPlace(name);
  yield mark(MARK.place, first, second);
}
