/**
 * What the words of a protocol table mean, carried out on a global state. Everything that a cache does comes
 * from the table: who is told what by an action, and what an answer does with the data, is all that is known
 * here. A transaction takes effect whole, as in the machine, and every other cache is told, as on a bus.
 */
import {
  ALL_FRESH,
  bitOf,
  type Copy,
  type GlobalState,
  type Size,
  WORDS,
  type Word,
} from './global-state.ts';
import type { Row, Table } from './table.ts';

/** Something that happens: at a cache, or by a device. */
export interface Happening {
  readonly what: 'read' | 'write' | 'evict' | 'deviceWrite';
  /** -1: a device. */
  readonly cache: number;
  readonly line: number;
  readonly word: Word;
}

const NOBODY = -1;

/** What a cache can do about each event. An action elsewhere means nothing, and is a flaw of the table. */
const MEANINGFUL: Readonly<Record<string, readonly string[]>> = {
  load: ['none', 'fetch'],
  loadShared: ['none', 'fetch'],
  store: ['none', 'fetch', 'fetchExclusive', 'upgrade', 'update'],
  storeShared: ['none', 'fetch', 'fetchAndUpdate', 'update'],
  evict: ['none', 'writeBack'],
  remoteLoad: ['none', 'supply', 'give'],
  remoteUpdate: ['none', 'take'],
  remoteStore: ['none', 'handOver'],
};

/** A row of a table that is wrong whatever the state. */
export class Nonsense extends Error {
  override readonly name = 'Nonsense';
}

/** Everything that can happen in any state. */
export function happenings({ caches, lines }: Size): Happening[] {
  const all: Happening[] = [];
  for (let line = 0; line < lines; line++) {
    for (const word of WORDS) {
      all.push({ what: 'deviceWrite', cache: NOBODY, line, word });
      for (let cache = 0; cache < caches; cache++) all.push({ what: 'write', cache, line, word });
    }
    for (let cache = 0; cache < caches; cache++) {
      all.push({ what: 'read', cache, line, word: 0 }, { what: 'evict', cache, line, word: 0 });
    }
  }
  return all;
}

export class ProtocolModel {
  private readonly table: Table;
  private readonly slots: number;

  constructor(table: Table, { slots }: Size) {
    this.table = table;
    this.slots = slots;
  }

  /** Lets something happen: changes the state. @throws Nonsense */
  perform(state: GlobalState, { what, cache, line, word }: Happening): void {
    switch (what) {
      case 'read':
        this.read(state, cache, line);
        return;
      case 'write':
        this.write(state, cache, line, word);
        return;
      case 'evict':
        this.evict(state, cache, line);
        return;
      case 'deviceWrite':
        this.tell(state, NOBODY, line, 'remoteStore', (data) => void (state.memory[line] = data));
        this.written(state, line, word);
        state.memory[line] = (state.memory[line] as number) | bitOf(word);
        return;
    }
  }

  /** The row for a copy and an event. */
  private answer(copy: Copy, event: string): Row {
    const row = this.table.answer(copy.state, event);
    const where = `${row.state} × ${event}`;
    if (MEANINGFUL[event]?.includes(row.action) !== true)
      throw new Nonsense(`${where} is answered by ${row.action}, which means nothing there`);
    const isOwn = event.startsWith('load') || event.startsWith('store');
    if (isOwn && row.next === 'I') throw new Nonsense(`${where} leaves no copy`);
    if (event === 'evict' && row.next !== 'I') throw new Nonsense(`${where} leaves a copy`);
    return row;
  }

  private read(state: GlobalState, cache: number, line: number): void {
    this.makeRoom(state, cache, line);
    const copy = at(state, cache, line);
    const { next, action } = this.answer(copy, this.isShared(state, cache, line) ? 'loadShared' : 'load');
    if (action === 'fetch') this.fetch(state, cache, line, 'remoteLoad');
    copy.state = next;
  }

  private write(state: GlobalState, cache: number, line: number, word: Word): void {
    this.makeRoom(state, cache, line);
    const copy = at(state, cache, line);
    const shared = this.table.updates && this.isShared(state, cache, line);
    const { next, action } = this.answer(copy, shared ? 'storeShared' : 'store');
    if (action === 'fetch' || action === 'fetchAndUpdate') this.fetch(state, cache, line, 'remoteLoad');
    if (action === 'fetchExclusive') this.fetch(state, cache, line, 'remoteStore');
    if (action === 'upgrade') this.tell(state, cache, line, 'remoteStore', () => undefined);
    this.written(state, line, word);
    if (action === 'update' || action === 'fetchAndUpdate') this.update(state, cache, line, word);
    copy.fresh |= bitOf(word);
    copy.state = next;
  }

  private evict(state: GlobalState, cache: number, line: number): void {
    const copy = at(state, cache, line);
    const { next, action } = this.answer(copy, 'evict');
    if (action === 'writeBack') state.memory[line] = copy.fresh;
    change(copy, next);
  }

  /** If the line is not here and the cache is full, another line leaves. */
  private makeRoom(state: GlobalState, cache: number, line: number): void {
    const lines = state.copies[cache] as readonly Copy[];
    if (lines[line]?.state !== 'I') return;
    const held = lines.flatMap((copy, other) => (copy.state === 'I' ? [] : [other]));
    if (held.length >= this.slots) this.evict(state, cache, held[0] as number);
  }

  /** The data comes from the cache that sends it, or else from memory. */
  private fetch(state: GlobalState, cache: number, line: number, event: 'remoteLoad' | 'remoteStore'): void {
    let sent: number | undefined;
    this.tell(state, cache, line, event, (data) => void (sent = data));
    at(state, cache, line).fresh = sent ?? (state.memory[line] as number);
  }

  /** All other caches hear of an event; `receive` gets the data that one sends. */
  private tell(
    state: GlobalState,
    cache: number,
    line: number,
    event: string,
    receive: (data: number) => void,
  ): void {
    state.copies.forEach((lines, other) => {
      if (other === cache) return;
      const copy = lines[line] as Copy;
      const { next, action } = this.answer(copy, event);
      if (action === 'supply') state.memory[line] = copy.fresh;
      if (action === 'supply' || action === 'give' || action === 'handOver') receive(copy.fresh);
      change(copy, next);
    });
  }

  private update(state: GlobalState, cache: number, line: number, word: Word): void {
    state.copies.forEach((lines, other) => {
      if (other === cache) return;
      const copy = lines[line] as Copy;
      const { next, action } = this.answer(copy, 'remoteUpdate');
      if (action === 'take') copy.fresh |= bitOf(word);
      change(copy, next);
    });
  }

  /** What everybody had of the word is old. */
  private written(state: GlobalState, line: number, word: Word): void {
    const others = ALL_FRESH & ~bitOf(word);
    for (const lines of state.copies) (lines[line] as Copy).fresh &= others;
    state.memory[line] = (state.memory[line] as number) & others;
  }

  private isShared(state: GlobalState, cache: number, line: number): boolean {
    return state.copies.some((lines, other) => other !== cache && lines[line]?.state !== 'I');
  }
}

const at = (state: GlobalState, cache: number, line: number): Copy => state.copies[cache]?.[line] as Copy;

function change(copy: Copy, next: string): void {
  copy.state = next;
  if (next === 'I') copy.fresh = 0;
}
