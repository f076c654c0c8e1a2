/**
 * Anderson's benchmark (TPDS 1990): a fixed number of critical sections, shared among the harts, each followed by a
 * random pause of five sections on average. What it takes beside the time that the work itself would take at best.
 */
import type { LockKind } from '../../../userland/index.ts';
import type { Row } from '../framework/experiment.ts';
import { xorshift } from '../framework/random.ts';
import type { Arena } from '../synchronization/arena.ts';
import { contest, lockIn } from './contest.ts';

/** Cycles inside, and on average until a hart comes back. */
const SECTION = 100;
const PAUSE = 5 * SECTION;

export function elapsed(arena: Arena, kind: LockKind, sections: number): Row {
  const { harts } = arena;
  const rounds = Math.ceil(sections / harts);
  const randoms = Array.from({ length: harts }, (_, hart) => xorshift(hart + 1));
  const paused = new Array<number>(harts).fill(0);
  const pause = (hart: number): number => {
    const cycles = 1 + ((randoms[hart] as () => number)() % (2 * PAUSE));
    paused[hart] = (paused[hart] as number) + cycles;
    return cycles;
  };
  const lock = lockIn(arena, kind);
  contest(arena, lock, { rounds: 2, section: SECTION });
  const { phase } = contest(arena, lock, { rounds, section: SECTION, pause });
  // Without a lock's cost: the hart with the longest pauses, or one section after the other, whichever takes longer.
  const ideal = Math.max(rounds * SECTION + Math.max(...paused), rounds * harts * SECTION);
  return {
    elapsed: phase.cycles,
    overIdeal: phase.cycles / ideal,
    // Processor-seconds in Anderson's figure 3, per section.
    overhead: (harts * (phase.cycles - ideal)) / (rounds * harts),
  };
}
