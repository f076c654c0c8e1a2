/**
 * What a node has of a barrier over messages: its inbox, and the number of its episode. A participant counts messages
 * of each round from the beginning on, so that it needs nothing else to tell an early one of the next episode.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { Inbox } from '../../runtime/inbox.ts';
import { LINE, roundUp } from '../../runtime/line.ts';

const EPISODE = roundUp(Inbox.SIZE, LINE);
/** Bytes on each node. */
export const MESSAGE_BARRIER_SIZE = EPISODE + LINE;

/** Begins an episode; gives its number, from 1 on. */
export function* beginEpisode(address: number): Code<number> {
  const episode = ((yield load(address + EPISODE)) + 1) | 0;
  yield store(address + EPISODE, episode);
  return episode;
}
