/** What page-out and placement have done on a hart; each hart counts in its own. */
import { struct, word } from '../struct.ts';

export const PAGING = struct({
  /** Pages that left memory, and how many of those had to be written. */
  pagesOut: word,
  written: word,
  /** Pages that came back from swap. */
  swappedIn: word,
  /** Pages that have moved to another node. */
  moved: word,
  /** Pages of copies that were copied to be read near. */
  replicated: word,
});
