/**
 * How programs share memory on a machine that keeps its caches coherent, and on one that does not. There,
 * words that synchronize are read and written at the memory (atomic instructions go there), and software
 * drops what may be stale before it reads, and flushes what others are to see after it wrote.
 */
import {
  type Code,
  fetchAndAdd,
  fetchAndStore,
  flush,
  invalidate,
  spinUntil,
  store,
  work,
} from '../../../hw/isa/index.ts';

/** Where a program's words lie; every area is aligned to the largest line. */
export interface Layout {
  readonly harts: number;
  readonly line: number;
  /** Data that is shared. */
  readonly data: number;
  /** A word that a hart waits on, in the memory of its node and in a line of its own. */
  readonly flagOf: (hart: number) => number;
  /** A counter in a line of its own. */
  readonly counter: number;
}

export interface Sharing {
  /** Waits until a word has a value. */
  readonly waitFor: (address: number, value: number) => Code;
  /** Writes a word that others wait for. */
  readonly signal: (address: number, value: number) => Code;
  /** Before reading what others may have written. */
  readonly refresh: (address: number, bytes: number) => Code;
  /** After writing what others are to read. */
  readonly publish: (address: number, bytes: number) => Code;
}

/** Between two looks at a word in memory. */
const POLL = 100;

/** The hardware keeps caches coherent. */
const byHardware: Sharing = {
  *waitFor(address, value) {
    yield spinUntil(address, value);
  },
  *signal(address, value) {
    yield store(address, value);
  },
  *refresh() {},
  *publish() {},
};

/** Software must do it. */
const bySoftware = (line: number): Sharing => ({
  *waitFor(address, value) {
    while ((yield fetchAndAdd(address, 0)) !== value) yield work(POLL);
  },
  *signal(address, value) {
    yield fetchAndStore(address, value);
  },
  *refresh(address, bytes) {
    for (let at = address & -line; at < address + bytes; at += line) yield invalidate(at);
  },
  *publish(address, bytes) {
    for (let at = address & -line; at < address + bytes; at += line) yield flush(at);
  },
});

export const sharingFor = (protocol: string, line: number): Sharing =>
  protocol === 'none' ? bySoftware(line) : byHardware;
