/**
 * The dissemination barrier (Hensgen, Finkel & Manber 1988; Mellor-Crummey & Scott 1991, algorithm 9): in round k
 * everyone tells the one that is 2^k further on, and waits to be told. After log2 n rounds all have heard of all.
 *
 * Nobody is woken, since nobody sleeps: the way is half as long as up and down a tree, for any n, but n words are
 * written in each round. A flag is not taken down: the next episode but one expects the other value (sense), and the
 * next one uses another set (parity), since a neighbour may be one episode ahead. No atomic instructions.
 */
import { type Code, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { inRow, type Placement } from '../placement.ts';
import { type Barrier, type BarrierKind, roundsFor } from './barrier.ts';

export class DisseminationBarrier implements Barrier {
  private readonly participants: number;
  private readonly rounds: number;
  private readonly own: Placement;

  constructor(participants: number, own: Placement) {
    this.participants = participants;
    this.rounds = roundsFor(participants);
    this.own = own;
  }

  /** Bytes of a participant's part: its episode, and two flags for each round in lines of their own. */
  static ownSize(participants: number): number {
    return LINE * (1 + 2 * roundsFor(participants));
  }

  // DOC: dissemination
  *wait(index: number): Code {
    // Episodes, of which four are told apart: parity is the low bit, sense the other one.
    const myEpisode = this.own(index);
    const episode = yield load(myEpisode);
    yield store(myEpisode, (episode + 1) & 3);
    const parity = episode & 1;
    const sense = episode & 2 ? 0 : 1;
    for (let round = 0; round < this.rounds; round++) {
      const partner = (index + (1 << round)) % this.participants;
      yield store(this.flag(partner, parity, round), sense);
      yield spinUntil(this.flag(index, parity, round), sense);
    }
  }

  private flag(index: number, parity: number, round: number): number {
    return this.own(index) + LINE * (1 + 2 * round + parity);
  }
}

export const disseminationBarrier: BarrierKind = {
  id: 'dissemination',
  summary: 'In round k each tells the one 2^k further on; after log2 n rounds all know of all',
  size: (participants) => participants * DisseminationBarrier.ownSize(participants),
  ownSize: (participants) => DisseminationBarrier.ownSize(participants),
  at: (address, participants, own = inRow(address, DisseminationBarrier.ownSize(participants))) =>
    new DisseminationBarrier(participants, own),
};
