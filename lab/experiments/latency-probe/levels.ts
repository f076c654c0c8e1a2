/** The levels of a memory system: what is done before, what is timed, and what it must cost. */
import type { MachineConfig, Timing } from '../../../hw/config.ts';
import { type Code, fetchAndAdd, flush, type Instruction, load, store } from '../../../hw/isa/index.ts';
import type { LatencyModel, Way } from './model.ts';

export interface Level {
  readonly name: string;
  readonly summary: string;
  /** Whether a machine has such a level. */
  readonly on: (config: MachineConfig) => boolean;
  /** Whether another cache matters (on any node). */
  readonly other: boolean;
  /** Whether the home's place matters; otherwise the probing hart's own node will do. */
  readonly anyHome: boolean;
  /** What another hart does to the line first. */
  readonly before?: (address: number) => Code;
  /** What the probing hart does to the line first, after that. */
  readonly first?: (address: number, config: MachineConfig) => Code;
  /** What is timed. */
  readonly access: (address: number) => Instruction;
  readonly hops: (model: LatencyModel, way: Way) => number;
  /** Cycles beyond a first-level hit. */
  readonly beyondHit: (model: LatencyModel, way: Way, timing: Timing) => number;
}

const always = (): boolean => true;
const coherent = ({ coherence }: MachineConfig): boolean => coherence !== 'none';
const invalidating = ({ coherence }: MachineConfig): boolean => coherence === 'invalidate';
const updating = ({ coherence }: MachineConfig): boolean => coherence === 'update';
const hasSecond = ({ l2 }: MachineConfig): boolean => l2.size > 0;
const hasLast = ({ llc }: MachineConfig): boolean => llc.size > 0;

function* read(address: number): Code {
  yield load(address);
}

function* write(address: number): Code {
  yield store(address, 1);
}

/** Reads a line, then as many others of its set as push it out of the first level. */
function* readAndPushOut(address: number, { l1 }: MachineConfig): Code {
  yield load(address);
  for (let way = 1; way <= l1.ways; way++) yield load(address + (way * l1.size) / l1.ways);
}

/** Leaves a line in the last level only. */
function* readAndFlush(address: number): Code {
  yield load(address);
  yield flush(address);
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
  on: always,
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
  on: always,
  other: false,
  anyHome: true,
  access,
  hops: (model, way) => model.hopsToMemory(way),
  beyondHit: (model, way, { memory }) => model.memory(way, memory),
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
  on: coherent,
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
    on: coherent,
    beyondHit: () => COMPUTE,
  },
  {
    ...inCache('L2 read', 'A read that the second-level cache serves.', readAndPushOut, load),
    on: hasSecond,
    beyondHit: (_model, _way, { l1Hit, l2Hit }) => l2Hit - l1Hit,
  },
  {
    ...atMemory('LLC read', 'A read that the last-level cache of the home serves.', load),
    on: hasLast,
    first: readAndFlush,
    beyondHit: (model, way, { llcHit }) => model.memory(way, llcHit),
  },
  {
    ...atMemory('memory atomic', 'An atomic instruction, which the memory executes.', adding),
    on: (config) => !coherent(config),
    beyondHit: (model, way, { memory }) => model.memory(way, memory) + COMPUTE,
  },
  atMemory('memory read', 'A read of a line that no cache holds.', load),
  atMemory('memory write', 'A write to a line that no cache holds.', storing),
  atCache('cache read', 'A read of a line that another cache has changed.', write, load),
  {
    ...atCache('cache write', 'A write to a line that another cache has changed.', write, storing),
    on: invalidating,
  },
  {
    ...atCache(
      'upgrade',
      'A write to a line that one other cache holds, too: that copy goes.',
      read,
      storing,
    ),
    on: invalidating,
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
    on: updating,
    first: read,
    beyondHit: (model, way) => model.tell(way),
  },
];
