/**
 * The software combining tree (Yew, Tzeng & Lawrie 1987; Mellor-Crummey & Scott 1991, algorithm 8): a
 * sense-reversing barrier for each group of four, whose last arrival goes on to the group above.
 *
 * No word is written by more than four, so arrivals do not queue up at one place; a group lies with its first member. Who waits where depends on who
 * comes last, so nobody can have its word near itself: without coherent caches all of them spin over the network.
 */
import { type Code, fetchAndAdd, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { inRow, type Placement } from '../placement.ts';
import type { Barrier, BarrierKind } from './barrier.ts';

/** Threads, or groups, to a group. */
const FAN_IN = 4;
/** A count, and in the next line a sense. */
const GROUP_SIZE = 2 * LINE;

/** How many take part at each level, the threads first, until there is one group. */
const levelsFor = (participants: number): readonly number[] => {
  const levels = [participants];
  for (let count = participants; count > FAN_IN; ) {
    count = Math.ceil(count / FAN_IN);
    levels.push(count);
  }
  return levels;
};

export class CombiningTreeBarrier implements Barrier {
  private readonly levels: readonly number[];
  private readonly own: Placement;

  constructor(participants: number, own: Placement) {
    this.levels = levelsFor(participants);
    this.own = own;
  }

  /** Bytes of a participant's part: the groups of which it is the first. */
  static ownSize(participants: number): number {
    return levelsFor(participants).length * GROUP_SIZE;
  }

  *wait(index: number): Code {
    yield* this.arrive(0, index);
  }

  // DOC: combining-tree
  /** The `index`th of a level arrives at its group. */
  private *arrive(level: number, index: number): Code {
    const group = Math.floor(index / FAN_IN);
    const firstMember = group * FAN_IN ** (level + 1);
    const count = this.own(firstMember) + level * GROUP_SIZE;
    const reversed = count + LINE;
    const members = Math.min(FAN_IN, (this.levels[level] as number) - group * FAN_IN);
    const sense = yield load(reversed);
    if ((yield fetchAndAdd(count, 1)) < members - 1) {
      yield spinUntilNot(reversed, sense);
      return;
    }
    if (level + 1 < this.levels.length) yield* this.arrive(level + 1, group);
    yield store(count, 0);
    yield store(reversed, 1 - sense);
  }
}

export const combiningTreeBarrier: BarrierKind = {
  id: 'combining-tree',
  summary: 'Groups of four count their arrivals; the last of each goes on to the group above',
  size: (participants) => participants * CombiningTreeBarrier.ownSize(participants),
  ownSize: (participants) => CombiningTreeBarrier.ownSize(participants),
  at: (address, participants, own = inRow(address, CombiningTreeBarrier.ownSize(participants))) =>
    new CombiningTreeBarrier(participants, own),
};
