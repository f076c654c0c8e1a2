/**
 * Works like `tournament`, except that participants share no memory: the loser of a round sends the winner a message,
 * and later gets one back. One participant on each node of a cluster.
 *
 * Who meets whom in a round is fixed, and each is always the winner there or always the loser, so that a count of the
 * messages of each round is enough. n - 1 messages up and n - 1 down.
 */
import type { Code } from '../../../hw/isa/index.ts';
import { Inbox } from '../../runtime/inbox.ts';
import type { Barrier, BarrierKind } from './barrier.ts';
import { beginEpisode, MESSAGE_BARRIER_SIZE } from './message-episode.ts';

class TournamentMessages implements Barrier {
  private readonly address: number;
  private readonly participants: number;

  constructor(address: number, participants: number) {
    this.address = address;
    this.participants = participants;
  }

  // DOC: tournament-messages
  *wait(index: number): Code {
    const { participants } = this;
    const inbox = new Inbox(this.address);
    const episode = yield* beginEpisode(this.address);
    let round = 0;
    for (; 1 << round < participants; round++) {
      const apart = 1 << round;
      if (index & apart) {
        yield* inbox.tell(index - apart, round);
        yield* inbox.awaitCount(round, episode);
        break;
      }
      // Without an opponent it wins.
      if (index + apart < participants) yield* inbox.awaitCount(round, episode);
    }
    while (--round >= 0) {
      const loser = index + (1 << round);
      if (loser < participants) yield* inbox.tell(loser, round);
    }
  }
}

export const tournamentMessagesBarrier: BarrierKind = {
  id: 'tournament-messages',
  summary: 'As tournament, by messages between the nodes of a cluster',
  messages: true,
  size: () => MESSAGE_BARRIER_SIZE,
  at: (address, participants) => new TournamentMessages(address, participants),
};
