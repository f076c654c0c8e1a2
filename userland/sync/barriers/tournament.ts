/**
 * The tournament barrier (Hensgen, Finkel & Manber 1988; Lubachevsky 1989): pairs meet, round after round; who wins
 * each is fixed beforehand, so that nobody has to ask.
 *
 * The loser tells the winner that it is there, and waits; the winner waits for that, and goes on. The champion wakes
 * its losers, and each of them those that it had beaten. All spin on flags of their own, n - 1 words are written to
 * others on the way up and n - 1 down, and there is no atomic instruction.
 */
import { type Code, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { inRow, type Placement } from '../placement.ts';
import { type Barrier, type BarrierKind, roundsFor } from './barrier.ts';

export class TournamentBarrier implements Barrier {
  private readonly participants: number;
  private readonly own: Placement;

  constructor(participants: number, own: Placement) {
    this.participants = participants;
    this.own = own;
  }

  /** Bytes of a participant's part: its sense, and a flag for each round in a line of its own. */
  static ownSize(participants: number): number {
    return LINE * (1 + roundsFor(participants));
  }

  // DOC: tournament
  *wait(index: number): Code {
    const { participants } = this;
    const mySense = this.own(index);
    const sense = 1 - (yield load(mySense));
    yield store(mySense, sense);
    let round = 0;
    for (; 1 << round < participants; round++) {
      const apart = 1 << round;
      if (index & apart) {
        yield store(this.flag(index - apart, round), sense);
        yield spinUntil(this.flag(index, round), sense);
        break;
      }
      // Without an opponent it wins.
      if (index + apart < participants) yield spinUntil(this.flag(index, round), sense);
    }
    while (--round >= 0) {
      const loser = index + (1 << round);
      if (loser < participants) yield store(this.flag(loser, round), sense);
    }
  }

  private flag(index: number, round: number): number {
    return this.own(index) + LINE * (1 + round);
  }
}

export const tournamentBarrier: BarrierKind = {
  id: 'tournament',
  summary: 'Pairs meet, the winners fixed beforehand; the champion wakes the losers',
  size: (participants) => participants * TournamentBarrier.ownSize(participants),
  ownSize: (participants) => TournamentBarrier.ownSize(participants),
  at: (address, participants, own = inRow(address, TournamentBarrier.ownSize(participants))) =>
    new TournamentBarrier(participants, own),
};
