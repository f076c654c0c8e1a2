/** Protocols with one row wrong, and what the exhaustive search must say of each. */
import { PROTOCOLS } from './protocols.ts';
import type { Row } from './table.ts';

export interface BrokenProtocol {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly flaw: RegExp;
}

type Change = readonly [
  bug: string,
  row: `${string} × ${string}`,
  answer: `${string}, ${string}`,
  flaw: RegExp,
];

const STALE = /a copy of line 0 is stale/;
const LOST = /memory is stale in line 0, and nobody answers for it/;
const OWNERS = /line 0 has two owners/;
const TWO = /a writer beside another copy/;

/** By protocol; an answer is the next state and the action. */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  MESI: [
    ['an upgrade sends no invalidation', 'S × store', 'M, none', TWO],
    ['a write miss sends no invalidation', 'I × store', 'M, fetch', TWO],
    ['a sharer stays when it is invalidated', 'S × remoteStore', 'S, none', STALE],
    ['an owner stays when it is invalidated', 'M × remoteStore', 'M, handOver', STALE],
    ['a write-back is dropped', 'M × evict', 'I, none', LOST],
    ['a dirty line is supplied without an update of memory', 'M × remoteLoad', 'S, give', LOST],
    ['a dirty line is not supplied', 'M × remoteLoad', 'S, none', STALE],
    ['a dirty line is not handed over', 'M × remoteStore', 'I, none', LOST],
    ['a second reader gets the line exclusively', 'I × loadShared', 'E, fetch', TWO],
    ['an exclusive line stays so when another core reads', 'E × remoteLoad', 'E, supply', TWO],
    ['a modified line stays so when another core reads', 'M × remoteLoad', 'M, supply', TWO],
    ['an exclusive line is written without leaving E', 'E × store', 'E, none', LOST],
    ['a shared line is written without leaving S', 'S × store', 'S, upgrade', LOST],
    ['a write miss gets the line in S', 'I × store', 'S, fetchExclusive', LOST],
    ['a write miss does not get the data', 'I × store', 'M, upgrade', STALE],
    ['a line stays when it is evicted', 'M × evict', 'M, writeBack', /leaves a copy/],
  ],
  Dragon: [
    ['a write sends no update', 'S × storeShared', 'Sm, none', OWNERS],
    ['a write miss sends no update', 'I × storeShared', 'Sm, fetch', OWNERS],
    ['a sharer does not take the word', 'S × remoteUpdate', 'S, none', STALE],
    ['the old owner does not take the word', 'Sm × remoteUpdate', 'S, none', STALE],
    ['the old owner goes on answering', 'Sm × remoteUpdate', 'Sm, take', OWNERS],
    ['a writer does not answer for the line', 'S × storeShared', 'S, update', LOST],
    ['a writer takes others for gone', 'S × storeShared', 'M, update', TWO],
    ['the owner takes others for gone', 'Sm × storeShared', 'M, update', TWO],
    ['the owner leaves without a write-back', 'Sm × evict', 'I, none', LOST],
    ['the owner does not answer a reader', 'Sm × remoteLoad', 'Sm, none', STALE],
    ['a writer does not answer a reader', 'M × remoteLoad', 'Sm, none', STALE],
    ['a writer answers and forgets', 'M × remoteLoad', 'S, give', LOST],
    ['a writer answers and goes on writing', 'M × remoteLoad', 'M, give', TWO],
    ['a copy outlives what a device writes', 'S × remoteStore', 'S, none', STALE],
    ['the owner does not hand over to a device', 'Sm × remoteStore', 'I, none', LOST],
    ['a second reader gets the line exclusively', 'I × loadShared', 'E, fetch', TWO],
  ],
};

const changed = (rows: readonly Row[], [, where, answer]: Change): readonly Row[] => {
  const [next, action] = answer.split(', ') as [string, string];
  return rows.map((row) => (`${row.state} × ${row.event}` === where ? { ...row, next, action } : row));
};

export const BROKEN_PROTOCOLS: readonly BrokenProtocol[] = PROTOCOLS.flatMap(({ name, rows }) =>
  (CHANGES[name] ?? []).map((change) => ({
    name: `${name}: ${change[0]}`,
    rows: changed(rows, change),
    flaw: change[3],
  })),
);
