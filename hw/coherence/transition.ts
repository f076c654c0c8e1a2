/**
 * The words in which coherence protocols are written: states of a line in a cache, what happens to it, and
 * what the cache does about it. A protocol (mesi.ts, dragon.ts) is a table of transitions over the states and
 * events that it uses, each pair answered once.
 */

/** States of a line in a cache. */
export const STATES = ['I', 'S', 'E', 'M', 'Sm'] as const;
export type State = (typeof STATES)[number];

/** What happens to a line: at its own cache, or in another one. */
export const EVENTS = [
  { name: 'load', summary: 'The core reads, and no other cache holds the line.' },
  { name: 'loadShared', summary: 'The core reads, and another cache holds the line.' },
  { name: 'store', summary: 'The core writes (or reads, modifies and writes).' },
  {
    name: 'storeShared',
    summary: 'The core writes, and another cache holds the line (protocols that update).',
  },
  { name: 'evict', summary: 'The cache needs the room, or the core flushes the line.' },
  { name: 'remoteLoad', summary: 'Another core reads and misses.' },
  { name: 'remoteUpdate', summary: 'Another core writes a word, and sends it (protocols that update).' },
  {
    name: 'remoteStore',
    summary: 'Another core writes (protocols that invalidate), or a device writes memory.',
  },
] as const;
export type EventName = (typeof EVENTS)[number]['name'];

/** What the cache does about it. */
export const ACTIONS = [
  { name: 'none', summary: 'Nothing beyond the change of state.' },
  { name: 'fetch', summary: 'Gets the line, to read.' },
  { name: 'fetchExclusive', summary: 'Gets the line and destroys all other copies.' },
  {
    name: 'fetchAndUpdate',
    summary: 'Gets the line, and sends the word that is written to all other copies.',
  },
  { name: 'upgrade', summary: 'Destroys all other copies; has the data already.' },
  { name: 'update', summary: 'Sends the word that is written to all other copies.' },
  { name: 'writeBack', summary: 'Sends the data to memory.' },
  { name: 'supply', summary: 'Sends the data to the requester, and to memory as well.' },
  {
    name: 'give',
    summary: 'Sends the data to the requester, and stays answerable for it; memory stays stale.',
  },
  { name: 'handOver', summary: 'Sends the data to the requester, who now owns it; memory stays stale.' },
  { name: 'take', summary: 'Takes the word that was sent.' },
] as const;
export type ActionName = (typeof ACTIONS)[number]['name'];

export interface Transition {
  readonly state: State;
  readonly event: EventName;
  readonly next: State;
  readonly action: ActionName;
  readonly why: string;
}

/** One row of a protocol table. */
export const on = (
  state: State,
  event: EventName,
  next: State,
  action: ActionName,
  why: string,
): Transition => ({ state, event, next, action, why });
