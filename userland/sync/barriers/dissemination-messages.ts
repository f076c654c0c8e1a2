/**
 * Works like `dissemination`, except that participants share no memory: in round k each sends a message to the one that
 * is 2^k further on, and waits for one. One participant on each node of a cluster.
 *
 * A message says in which round it was sent. Those of one round all come from the same node, in their order, so that
 * counting them tells the episodes apart: no sense, no parity. n messages in each of log2 n rounds.
 */
import type { Code } from '../../../hw/isa/index.ts';
import { Inbox } from '../../runtime/inbox.ts';
import { type Barrier, type BarrierKind, roundsFor } from './barrier.ts';
import { beginEpisode, MESSAGE_BARRIER_SIZE } from './message-episode.ts';

class DisseminationMessages implements Barrier {
  private readonly address: number;
  private readonly participants: number;

  constructor(address: number, participants: number) {
    this.address = address;
    this.participants = participants;
  }

  // DOC: dissemination-messages
  *wait(index: number): Code {
    const { participants } = this;
    const inbox = new Inbox(this.address);
    const episode = yield* beginEpisode(this.address);
    for (let round = 0; round < roundsFor(participants); round++) {
      yield* inbox.tell((index + (1 << round)) % participants, round);
      yield* inbox.awaitCount(round, episode);
    }
  }
}

export const disseminationMessagesBarrier: BarrierKind = {
  id: 'dissemination-messages',
  summary: 'As dissemination, by messages between the nodes of a cluster',
  messages: true,
  size: () => MESSAGE_BARRIER_SIZE,
  at: (address, participants) => new DisseminationMessages(address, participants),
};
