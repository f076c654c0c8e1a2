/**
 * Every answer of a protocol put otherwise, one at a time: each such protocol must be found wrong, but for those
 * listed here, which are right and only do more than they must (or, as *MSI* does, other things).
 */
import { describe, expect, test } from 'vitest';
import { PROTOCOLS } from './protocols.ts';
import { reach } from './reach.ts';
import { type Row, Table } from './table.ts';

const SIZES = [
  { caches: 2, lines: 1, slots: 1 },
  { caches: 3, lines: 1, slots: 1 },
];

/** Row: the other answers that are no mistakes. */
const HARMLESS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  MESI: {
    // Without E, this is the MSI protocol; with M at once, one that reads to write.
    'I × load': ['S, fetch', 'M, fetch'],
    // Nobody else holds the line: as good as exclusive, if only the cache knew.
    'S × load': ['S, fetch', 'E, fetch', 'E, none', 'M, fetch', 'M, none'],
    'S × loadShared': ['S, fetch'],
    'S × store': ['M, fetchExclusive'],
    // Who is clean may go at any time, send what memory has too, or leave it to memory.
    'S × remoteLoad': ['I, none', 'I, supply', 'S, supply'],
    'S × remoteStore': ['I, handOver'],
    'E × load': ['S, fetch', 'S, none', 'E, fetch', 'M, fetch', 'M, none'],
    'E × store': ['M, fetch', 'M, fetchExclusive', 'M, upgrade'],
    'E × evict': ['I, writeBack'],
    'E × remoteLoad': ['I, none', 'I, supply', 'S, none'],
    'E × remoteStore': ['I, none'],
    'M × store': ['M, upgrade'],
    'M × remoteLoad': ['I, supply'],
  },
  Dragon: {
    'I × load': ['S, fetch', 'Sm, fetch', 'M, fetch'],
    'I × store': ['Sm, fetch'],
    'I × remoteUpdate': ['I, take'],
    'S × load': ['S, fetch', 'E, fetch', 'E, none', 'Sm, fetch', 'Sm, none', 'M, fetch', 'M, none'],
    'S × loadShared': ['S, fetch'],
    'S × store': ['Sm, fetch', 'Sm, update', 'M, fetch'],
    'S × storeShared': ['Sm, fetchAndUpdate'],
    // Who is clean may go at any time, and send what the owner or memory has too.
    'S × remoteLoad': ['I, none', 'I, supply', 'I, give', 'S, supply', 'S, give'],
    'S × remoteUpdate': ['I, none', 'I, take'],
    'S × remoteStore': ['I, handOver'],
    'E × load': ['S, fetch', 'S, none', 'E, fetch', 'Sm, fetch', 'Sm, none', 'M, fetch', 'M, none'],
    'E × store': ['Sm, fetch', 'Sm, none', 'Sm, update', 'M, fetch', 'M, update'],
    'E × evict': ['I, writeBack'],
    'E × remoteLoad': [
      'I, none',
      'I, supply',
      'I, give',
      'S, none',
      'S, give',
      'Sm, none',
      'Sm, supply',
      'Sm, give',
    ],
    'E × remoteStore': ['I, none'],
    // An owner may think itself shared when it is alone, or clean when it has told memory.
    'Sm × load': ['M, none'],
    'Sm × store': ['Sm, update'],
    'Sm × remoteLoad': ['I, supply', 'S, supply', 'Sm, supply'],
    'Sm × remoteUpdate': ['I, none', 'I, take'],
    'M × load': ['Sm, none'],
    'M × store': ['Sm, none', 'Sm, update', 'M, update'],
    'M × remoteLoad': ['I, supply', 'S, supply', 'Sm, supply'],
  },
};

const answersOf = (rows: readonly Row[]): { next: string; action: string }[] =>
  [...new Set(rows.map(({ next }) => next))].flatMap((next) =>
    [...new Set(rows.map(({ action }) => action))].map((action) => ({ next, action })),
  );

describe.each(PROTOCOLS.filter(({ name }) => name in HARMLESS))('$name put otherwise', ({ name, rows }) => {
  const possible = rows.filter(({ why }) => !why.startsWith('Cannot be'));

  test.each(possible.map((row) => ({ row, where: `${row.state} × ${row.event}` })))(
    'in $where is found wrong',
    ({ row, where }) => {
      const others = answersOf(rows).filter(({ next, action }) => next !== row.next || action !== row.action);
      const right = others.filter((other) => {
        const changed = rows.map((candidate) => (candidate === row ? { ...row, ...other } : candidate));
        return SIZES.every((size) => reach(new Table(changed), size).flaw === undefined);
      });
      const named = right.map(({ next, action }) => `${next}, ${action}`);
      expect(new Set(named)).toEqual(new Set(HARMLESS[name]?.[where]));
    },
  );
});
