/**
 * The work that `eddy bench` measures, one procedure per workload, run by every hart without a kernel.
 *
 * Each gets its hart's number and the number of rounds. Only what the emulator costs is of interest: the
 * procedures are flat loops over memory, with nothing computed between two instructions.
 */
import { type Code, load, spinUntilNot, store } from '../../hw/isa/index.ts';

/** A private area per hart, of which a hart uses 4 KiB; it fits the first-level cache. */
const PRIVATE = 0x10_0000;
const PRIVATE_SIZE = 0x2000;
const PRIVATE_WORDS = 1024;
/** An area that all harts use: 64 lines. */
const SHARED = 0x2_0000;
const SHARED_WORDS = 1024;
/** Words of the spinning workload, a line for each group of harts. */
const TURN = 0x4_0000;
const LINE = 64;
const GROUP = 16;
/** Rounds of work between two changes of the word that the others spin on. */
const STRETCH = 256;
const OVER = -1;

const privateArea = (hart: number): number => PRIVATE + hart * PRIVATE_SIZE;

/** Loads and stores of the hart's own memory. */
function* privateWork(hart: number, rounds: number): Code {
  const area = privateArea(hart);
  for (let round = 0; round < rounds; round++) {
    const address = area + 4 * ((round * 7) % PRIVATE_WORDS);
    const value = yield load(address);
    yield store(address, value + 1);
  }
}

/** The same, with every tenth access to memory that all harts share: two loads for each store. */
function* sharedWork(hart: number, rounds: number): Code {
  const area = privateArea(hart);
  let where = hart * 61;
  for (let round = 0; round < rounds; round++) {
    const isShared = round % 5 === 0;
    const writes = isShared && round % 15 === 0;
    where = (where * 13 + 7) % SHARED_WORDS;
    const address = area + 4 * ((round * 7) % PRIVATE_WORDS);
    const value = yield load(isShared && !writes ? SHARED + 4 * where : address);
    yield store(writes ? SHARED + 4 * where : address, value + 1);
  }
}

/** One hart of each group works in memory of its own; the others spin until it has done a stretch of work. */
function* spinningWork(hart: number, rounds: number): Code {
  const turn = TURN + Math.floor(hart / GROUP) * LINE;
  if (hart % GROUP === 0) {
    const area = privateArea(hart);
    for (let round = 1; round <= rounds; round++) {
      const address = area + 4 * ((round * 7) % PRIVATE_WORDS);
      const value = yield load(address);
      yield store(round % STRETCH === 0 ? turn : address, value + 1);
    }
    yield store(turn, OVER);
  } else {
    let seen = 0;
    while (seen !== OVER) seen = yield spinUntilNot(turn, seen);
  }
}

export interface Workload {
  readonly id: 'private' | 'shared' | 'spinning';
  readonly summary: string;
  /** Words: hart, rounds. A round is two instructions. */
  readonly procedure: (hart: number, rounds: number) => Code;
  /** How many harts do rounds, of so many. */
  readonly working: (harts: number) => number;
}

const all = (harts: number): number => harts;

export const WORKLOADS: readonly Workload[] = [
  { id: 'private', summary: 'every hart in memory of its own', procedure: privateWork, working: all },
  { id: 'shared', summary: '10 % of the accesses to shared memory', procedure: sharedWork, working: all },
  {
    id: 'spinning',
    summary: 'of every 16 harts one works and 15 spin',
    procedure: spinningWork,
    working: (harts) => Math.ceil(harts / GROUP),
  },
];
