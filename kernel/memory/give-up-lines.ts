/**
 * Letting a block go from this hart's cache that was made here for another hart to use.
 *
 * On a bus that updates copies, a line that this cache still holds would be sent every store of the other hart for ever;
 * where copies are invalidated, the other hart would fetch each line from here, not from the memory beside it.
 */
import { type Code, flush, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';

// DOC: give-up-lines
/** Writes the lines of a block back and drops them from this cache. */
export function* giveUpLines(local: number, block: number, bytes: number): Code {
  const line = yield load(local + HART.line);
  for (let at = block; at < block + bytes; at += line) yield flush(at);
}
