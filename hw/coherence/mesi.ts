/**
 * The MESI protocol, as the textbook's table: state × event → next state and action.
 *
 * One table serves the snooping bus and the directory: they differ in who tells the other caches and what
 * that costs, not in what a cache does when told. A transaction takes effect as a whole at its issue (its
 * completion comes later), so there are no transient states. Papamarcos & Patel, ISCA 1984 (the Illinois
 * protocol); states as in Sorin, Hill & Wood, *A Primer on Memory Consistency and Cache Coherence*, 7.
 */
import { on, type Transition } from './transition.ts';

// DOC: mesi
export const MESI: readonly Transition[] = [
  on('I', 'load', 'E', 'fetch', 'Alone: exclusive, so that a later write needs no transaction.'),
  on('I', 'loadShared', 'S', 'fetch', 'One reader among several.'),
  on('I', 'store', 'M', 'fetchExclusive', 'A write miss.'),
  on('I', 'evict', 'I', 'none', 'Nothing is there.'),
  on('I', 'remoteLoad', 'I', 'none', 'Not concerned.'),
  on('I', 'remoteStore', 'I', 'none', 'Not concerned.'),
  on('S', 'load', 'S', 'none', 'A hit. The other copies may have gone silently.'),
  on('S', 'loadShared', 'S', 'none', 'A hit.'),
  on('S', 'store', 'M', 'upgrade', 'The data is here, the right to write is not.'),
  on('S', 'evict', 'I', 'none', 'Memory has the same data.'),
  on('S', 'remoteLoad', 'S', 'none', 'One more reader.'),
  on('S', 'remoteStore', 'I', 'none', 'Invalidated.'),
  on('E', 'load', 'E', 'none', 'A hit.'),
  on('E', 'loadShared', 'E', 'none', 'Cannot be: an exclusive line has no other copy. A hit all the same.'),
  on('E', 'store', 'M', 'none', 'The silent upgrade for which E exists.'),
  on('E', 'evict', 'I', 'none', 'Memory has the same data.'),
  on('E', 'remoteLoad', 'S', 'supply', 'The cache is nearer than memory, and now one of two readers.'),
  on('E', 'remoteStore', 'I', 'handOver', 'Gives the line away.'),
  on('M', 'load', 'M', 'none', 'A hit.'),
  on('M', 'loadShared', 'M', 'none', 'Cannot be: a modified line has no other copy. A hit all the same.'),
  on('M', 'store', 'M', 'none', 'A hit.'),
  on('M', 'evict', 'I', 'writeBack', 'The only good copy goes home.'),
  on('M', 'remoteLoad', 'S', 'supply', 'The reader gets the data, and memory is brought up to date.'),
  on('M', 'remoteStore', 'I', 'handOver', 'The new writer gets the only good copy.'),
];
