/** The levels of a memory system: what is done before, what is timed, and what it must cost. */
import type { MachineConfig } from '../../../hw/config.ts';
import { type Code, fetchAndAdd, type Instruction, load, store } from '../../../hw/isa/index.ts';
import type { LatencyModel, Way } from './model.ts';

type Coherence = MachineConfig['coherence'];

export interface Level {
  readonly name: string;
  readonly summary: string;
  /** The ways of coherence with which there is such a level. */
  readonly on: readonly Coherence[];
  /** Whether another cache matters (on any node). */
  readonly other: boolean;
  /** Whether the home's place matters; otherwise the probing hart's own node will do. */
  readonly anyHome: boolean;
  /** What another hart does to the line first. */
  readonly before?: (address: number) => Code;
  /** What the probing hart does to the line first, after that. */
  readonly first?: (address: number) => Code;
  /** What is timed. */
  readonly access: (address: number) => Instruction;
  readonly hops: (model: LatencyModel, way: Way) => number;
  /** Cycles beyond a first-level hit. */
  readonly beyondHit: (model: LatencyModel, way: Way) => number;
}

const ALL: readonly Coherence[] = ['invalidate', 'update', 'none'];
const COHERENT: readonly Coherence[] = ['invalidate', 'update'];

function* read(address: number): Code {
  yield load(address);
}

function* write(address: number): Code {
  yield store(address, 1);
}

/** An atomic instruction takes a cycle to compute. */
const COMPUTE = 1;

/** A level at which nobody else is asked: the line is in this cache, and may be used as it is. */
const inCache = (
  name: string,
  summary: string,
  first: Level['first'] & object,
  access: Level['access'],
): Level => ({
  name,
  summary,
  on: ALL,
  other: false,
  anyHome: false,
  first,
  access,
  hops: () => 0,
  beyondHit: () => 0,
});

/** A level at which memory answers. */
const atMemory = (name: string, summary: string, access: Level['access']): Level => ({
  name,
  summary,
  on: ALL,
  other: false,
  anyHome: true,
  access,
  hops: (model, way) => model.hopsToMemory(way),
  beyondHit: (model, way) => model.memory(way),
});

/** A level at which another cache answers. */
const atCache = (
  name: string,
  summary: string,
  before: Level['before'] & object,
  access: Level['access'],
): Level => ({
  name,
  summary,
  on: COHERENT,
  other: true,
  anyHome: true,
  before,
  access,
  hops: (model, way) => model.hopsToCache(way),
  beyondHit: (model, way) => model.otherCache(way),
});

const storing = (address: number): Instruction => store(address, 2);
const adding = (address: number): Instruction => fetchAndAdd(address, 1);

export const LEVELS: readonly Level[] = [
  inCache('L1 read', 'A read that the first-level cache serves.', read, load),
  inCache('L1 write', 'A write to a line that this cache has changed.', write, storing),
  inCache('L1 first write', 'A write to a line that only this cache holds, clean.', read, storing),
  {
    ...inCache('L1 atomic', 'An atomic instruction on a line that this cache has changed.', write, adding),
    on: COHERENT,
    beyondHit: () => COMPUTE,
  },
  {
    ...atMemory('memory atomic', 'An atomic instruction, which the memory executes.', adding),
    on: ['none'],
    beyondHit: (model, way) => model.memory(way) + COMPUTE,
  },
  atMemory('memory read', 'A read of a line that no cache holds.', load),
  atMemory('memory write', 'A write to a line that no cache holds.', storing),
  atCache('cache read', 'A read of a line that another cache has changed.', write, load),
  {
    ...atCache('cache write', 'A write to a line that another cache has changed.', write, storing),
    on: ['invalidate'],
  },
  {
    ...atCache(
      'upgrade',
      'A write to a line that one other cache holds, too: that copy goes.',
      read,
      storing,
    ),
    on: ['invalidate'],
    first: read,
    beyondHit: (model, way) => model.tell(way),
  },
  {
    ...atCache(
      'update',
      'A write to a line that one other cache holds, too: it is sent the word.',
      read,
      storing,
    ),
    on: ['update'],
    first: read,
    beyondHit: (model, way) => model.tell(way),
  },
];
