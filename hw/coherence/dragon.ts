/**
 * The Dragon protocol: a write to a line that others hold sends them the word instead of destroying their
 * copies. `S` is Dragon's *shared clean*, `Sm` its *shared modified*: the one among the sharers that answers
 * for the data, since memory is stale. McCreight, *The Dragon Computer System*, 1984; Archibald & Baer,
 * *Cache Coherence Protocols*, TOCS 1986.
 *
 * A device that writes memory destroys all copies, as with MESI (`remoteStore`).
 */
import { on, type Transition } from './transition.ts';

// DOC: dragon
export const DRAGON: readonly Transition[] = [
  on('I', 'load', 'E', 'fetch', 'Alone: a later write needs no transaction.'),
  on('I', 'loadShared', 'S', 'fetch', 'One reader among several.'),
  on('I', 'store', 'M', 'fetch', 'A write miss, and nobody else has the line.'),
  on('I', 'storeShared', 'Sm', 'fetchAndUpdate', 'A write miss: gets the line, then sends the word.'),
  on('I', 'evict', 'I', 'none', 'Nothing is there.'),
  on('I', 'remoteLoad', 'I', 'none', 'Not concerned.'),
  on('I', 'remoteUpdate', 'I', 'none', 'Not concerned.'),
  on('I', 'remoteStore', 'I', 'none', 'Not concerned.'),
  on('S', 'load', 'S', 'none', 'A hit. The other copies may have gone silently.'),
  on('S', 'loadShared', 'S', 'none', 'A hit.'),
  on('S', 'store', 'M', 'update', 'The bus tells that nobody else holds it any more.'),
  on('S', 'storeShared', 'Sm', 'update', 'Sends the word, and answers for the line from now on.'),
  on('S', 'evict', 'I', 'none', 'Memory or the owner has the same data.'),
  on('S', 'remoteLoad', 'S', 'none', 'Memory or the owner answers.'),
  on('S', 'remoteUpdate', 'S', 'take', 'Another one writes.'),
  on('S', 'remoteStore', 'I', 'none', 'A device wrote.'),
  on('E', 'load', 'E', 'none', 'A hit.'),
  on('E', 'loadShared', 'E', 'none', 'Cannot be: an exclusive line has no other copy. A hit all the same.'),
  on('E', 'store', 'M', 'none', 'Silently.'),
  on('E', 'storeShared', 'M', 'none', 'Cannot be: an exclusive line has no other copy.'),
  on('E', 'evict', 'I', 'none', 'Memory has the same data.'),
  on('E', 'remoteLoad', 'S', 'supply', 'The cache is nearer than memory, and now one of two readers.'),
  on('E', 'remoteUpdate', 'S', 'take', 'Cannot be: who writes has read before, and made this one shared.'),
  on('E', 'remoteStore', 'I', 'handOver', 'A device wrote.'),
  on('Sm', 'load', 'Sm', 'none', 'A hit.'),
  on('Sm', 'loadShared', 'Sm', 'none', 'A hit.'),
  on('Sm', 'store', 'M', 'update', 'The bus tells that nobody else holds it any more.'),
  on('Sm', 'storeShared', 'Sm', 'update', 'Sends the word.'),
  on('Sm', 'evict', 'I', 'writeBack', 'Memory is stale, and nobody else will tell it.'),
  on('Sm', 'remoteLoad', 'Sm', 'give', 'The owner answers; memory stays stale.'),
  on('Sm', 'remoteUpdate', 'S', 'take', 'The other one answers for the line now.'),
  on('Sm', 'remoteStore', 'I', 'handOver', 'A device wrote.'),
  on('M', 'load', 'M', 'none', 'A hit.'),
  on('M', 'loadShared', 'M', 'none', 'Cannot be: a modified line has no other copy. A hit all the same.'),
  on('M', 'store', 'M', 'none', 'A hit.'),
  on('M', 'storeShared', 'M', 'none', 'Cannot be: a modified line has no other copy.'),
  on('M', 'evict', 'I', 'writeBack', 'The only good copy goes home.'),
  on('M', 'remoteLoad', 'Sm', 'give', 'Answers, and goes on answering; memory stays stale.'),
  on('M', 'remoteUpdate', 'S', 'take', 'Cannot be: who writes has read before, and made this one shared.'),
  on('M', 'remoteStore', 'I', 'handOver', 'A device wrote.'),
];
