/**
 * What an access must cost on an idle machine, worked out from the timing table alone. It says again, in one
 * sum per access, what the machine's parts do step by step; nothing of them is used here.
 */
import type { MachineConfig } from '../../../hw/config.ts';

/** Where an access goes, as seen from node 0. */
export interface Way {
  /** Node whose memory holds the line. */
  readonly home: number;
  /** Node of the other cache that matters, if one does. */
  readonly other?: number;
}

/** Cycles beyond the hit in the first-level cache that ends each access. */
export interface LatencyModel {
  /** Hops to the home and back. */
  readonly hopsToMemory: (way: Way) => number;
  /** Hops to the home, from there to the other cache, and back. */
  readonly hopsToCache: (way: Way) => number;
  /** The home's memory answers, after so many cycles of its own. */
  readonly memory: (way: Way, access: number) => number;
  readonly otherCache: (way: Way) => number;
  /** The other cache is told of a write, and answers. */
  readonly tell: (way: Way) => number;
}

/** One bus: address and data cross it once, whatever the place. */
function busModel({ timing }: MachineConfig): LatencyModel {
  return {
    hopsToMemory: () => 0,
    hopsToCache: () => 0,
    memory: (_, access) => timing.hop + access,
    otherCache: () => timing.hop + timing.cacheToCache,
    tell: () => timing.hop,
  };
}

/** Hops between processors and memory, and between processors. */
interface Distances {
  readonly toMemory: (node: number, home: number) => number;
  readonly between: (from: number, to: number) => number;
  /**
   * A home answers node 0 and sends its demand to the other cache at once. Whether the second message, or what
   * the other cache answers, is ever to take the link that the first one is on; then it waits once.
   */
  readonly sameLink: (home: number, other: number) => boolean;
}

// DOC: network-model
/** A directory at each home: two legs from memory, three by way of another cache. */
function networkModel(distances: Distances, { timing }: MachineConfig): LatencyModel {
  const { toMemory, between, sameLink } = distances;
  const hopsToCache = ({ home, other = home }: Way): number =>
    toMemory(0, home) + toMemory(other, home) + between(other, 0);
  return {
    hopsToMemory: ({ home }) => 2 * toMemory(0, home),
    hopsToCache,
    memory: ({ home }, access) => 2 * toMemory(0, home) * timing.hop + access,
    otherCache: (way) => hopsToCache(way) * timing.hop + timing.directory + timing.cacheToCache,
    tell: (way) =>
      hopsToCache(way) * timing.hop +
      timing.directory +
      (sameLink(way.home, way.other ?? way.home) ? timing.linkOccupancy : 0),
  };
}

/** Rows and columns; a message goes along its row first. */
function mesh({ nodes }: MachineConfig): Distances {
  const columns = Math.ceil(Math.sqrt(nodes));
  /** The nodes that a message comes through, the last one included. */
  const route = (from: number, to: number): number[] => {
    if (from === to) return [];
    const across = (to % columns) - (from % columns);
    const next = from + (across === 0 ? columns * Math.sign(to - from) : Math.sign(across));
    return [next, ...route(next, to)];
  };
  const apart = (from: number, to: number): number => route(from, to).length;
  return {
    toMemory: apart,
    between: apart,
    sameLink: (home, other) => {
      const first = [home, ...route(home, 0)];
      const second = [home, ...route(home, other), ...route(other, 0)];
      return first.some(
        (node, step) => step > 0 && node === second[step] && first[step - 1] === second[step - 1],
      );
    },
  };
}

/**
 * Processors on one side of log2(n) stages of switches and memory on the other. From one processor to another
 * a message goes there and back. Two messages from a module part where the numbers of their processors do.
 */
function omega({ nodes }: MachineConfig, ownMemory: boolean): Distances {
  const stages = Math.max(1, Math.ceil(Math.log2(nodes)));
  const local = (node: number, home: number): boolean => ownMemory && node === home;
  return {
    toMemory: (node, home) => (local(node, home) ? 0 : stages),
    between: (from, to) => (from === to ? 0 : 2 * stages),
    sameLink: (home, other) => !local(0, home) && !local(other, home) && other < 2 ** (stages - 1),
  };
}

const MODELS: Readonly<Record<MachineConfig['memorySystem'], (config: MachineConfig) => LatencyModel>> = {
  bus: busModel,
  directory: (config) => networkModel(mesh(config), config),
  switch: (config) => networkModel(omega(config, false), config),
  butterfly: (config) => networkModel(omega(config, true), config),
  // Within a node; there is no other way to another one than a message.
  cluster: busModel,
};

/** The model of a machine's memory system, or undefined if this experiment knows none. */
export const modelOf = (config: MachineConfig): LatencyModel | undefined =>
  (MODELS as Readonly<Partial<typeof MODELS>>)[config.memorySystem]?.(config);
