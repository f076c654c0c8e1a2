/**
 * What the harts do with the kernel heap, and what counts as one operation of it. Each workload is a program for every
 * hart, run once to warm up and once to be measured.
 */
import { type Code, csrRead, load, spinUntil, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { allocate, allocateGlobal, allocateLocal, free } from '../../../kernel/memory/heap.ts';
import type { ObjectKind } from './allocator.ts';

export interface Workload {
  readonly summary: string;
  /** Operations come in groups of so many. */
  readonly group: number;
  /** The program of a hart of so many, that does `rounds` operations. */
  readonly program: (hart: number, harts: number, rounds: number, kind: ObjectKind) => Code;
}

/** Bytes of an object of the kernel: a page descriptor, a region's link, a node of a tree. */
const BYTES = 64;
/** Blocks that a burst takes before it frees them: more than a hart keeps at hand. */
const BURST = 48;
/** Blocks that one hart hands to another at once. */
const HANDED = 16;
/** Bytes of a counter, the smallest thing that is shared. */
const COUNTER = 4;

/** Where harts hand things to each other: a line of each, below the kernel's own tables, where nothing is. */
const handOver = (hart: number): number => 0x100 + 64 * hart;

function* local(): Code<number> {
  return yield csrRead('slocal');
}

// DOC: pairs
function* pairs(_hart: number, _harts: number, rounds: number): Code {
  const home = yield* local();
  for (let round = 0; round < rounds; round++) yield* free(yield* allocate(home, BYTES));
}

function* bursts(_hart: number, _harts: number, rounds: number): Code {
  const home = yield* local();
  for (let done = 0; done < rounds; done += BURST) {
    let blocks = 0;
    for (let index = 0; index < BURST; index++) blocks = yield* chain(yield* allocate(home, BYTES), blocks);
    yield* freeChain(blocks);
  }
}

/** The first half of the harts takes blocks, and the other half, on other nodes, frees them. */
function* remote(hart: number, harts: number, rounds: number): Code {
  const home = yield* local();
  const half = harts / 2;
  const place = handOver(hart % half);
  for (let done = 0; done < rounds; done += HANDED) {
    if (hart < half) {
      let blocks = 0;
      for (let index = 0; index < HANDED; index++)
        blocks = yield* chain(yield* allocate(home, BYTES), blocks);
      yield spinUntil(place, 0);
      yield store(place, blocks);
    } else {
      const blocks = yield spinUntilNot(place, 0);
      yield store(place, 0);
      yield* freeChain(blocks);
    }
  }
}

/** Links a block to others through its first word. */
function* chain(block: number, others: number): Code<number> {
  yield store(block, others);
  return block;
}

function* freeChain(blocks: number): Code {
  for (let block = blocks; block !== 0; ) {
    const next = yield load(block);
    yield* free(block);
    block = next;
  }
}

const TAKE = {
  local: (_home: number): Code<number> => allocateLocal(COUNTER),
  padded: (home: number): Code<number> => allocate(home, COUNTER),
  global: (home: number): Code<number> => allocateGlobal(home, COUNTER),
} as const;

/**
 * Each hart counts in a counter of its own. What only one hart uses it takes itself; what others may look at, too, hart
 * 0 takes for all, one after the other, as whoever creates an object does.
 */
function* counters(hart: number, harts: number, rounds: number, kind: ObjectKind): Code {
  const home = yield* local();
  const counter = yield* counterOf(hart, harts, home, kind);
  for (let round = 0; round < rounds; round++) yield store(counter, (yield load(counter)) + 1);
}

function* counterOf(hart: number, harts: number, home: number, kind: ObjectKind): Code<number> {
  const kept = yield load(handOver(hart));
  if (kept !== 0) return kept;
  if (kind === 'local') yield store(handOver(hart), yield* TAKE.local(home));
  else if (hart === 0) {
    for (let other = 0; other < harts; other++) yield store(handOver(other), yield* TAKE[kind](home));
  }
  return yield spinUntilNot(handOver(hart), 0);
}

export const WORKLOADS = {
  pairs: { summary: 'a block is taken and freed at once', group: 1, program: pairs },
  bursts: { summary: `${BURST} blocks are taken, then freed`, group: BURST, program: bursts },
  remote: {
    summary: 'half of the harts takes what the other half frees, on other nodes',
    group: HANDED,
    program: remote,
  },
  counters: { summary: 'each hart counts in a small block of its own', group: 1, program: counters },
} as const satisfies Readonly<Record<string, Workload>>;

export type WorkloadName = keyof typeof WORKLOADS;
