/**
 * OBSERVED: what the policy that changes degrees of clustering sees of one representative (`kernel.objects.adapt`): how
 * often it was used, and how often the hart was another one than the time before.
 *
 * *Locking:* none. The counts are inexact under contention, which does no harm: they are a hint.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { struct, word } from '../struct.ts';

export const OBSERVED = struct({ uses: word, moves: word, lastHart: word });

/** Uses between two decisions. */
export const WINDOW = 64;
/** Of so many uses, as many as this must have come from another hart than the one before. */
export const MANY_MOVES = WINDOW / 4;

// DOC: note-use
/** Notes a use. At the end of a window it gives how many moves between harts were in it, else -1. */
export function* noteUse(local: number, at: number): Code<number> {
  const hart = yield load(local + HART.hart);
  if ((yield load(at + OBSERVED.lastHart)) !== hart) {
    yield store(at + OBSERVED.lastHart, hart);
    yield store(at + OBSERVED.moves, (yield load(at + OBSERVED.moves)) + 1);
  }
  const uses = (yield load(at + OBSERVED.uses)) + 1;
  yield store(at + OBSERVED.uses, uses < WINDOW ? uses : 0);
  if (uses < WINDOW) return -1;
  const moves = yield load(at + OBSERVED.moves);
  yield store(at + OBSERVED.moves, 0);
  return moves;
}
