/**
 * A machine without a kernel on which harts meet at one lock or barrier: where things lie, and what an instruction
 * of the host's may know without a cost, the clock. Without coherence nothing is cached, as on the Butterfly.
 */
import { isCluster } from '../../../hw/config.ts';
import { LINE, type Placement } from '../../../userland/index.ts';
import { BareMachine, configFor, type Phase } from '../framework/bare-machine.ts';
import type { Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { VARIANTS } from './machines.ts';

/** Offsets within a node's memory: not multiples of each other, or the areas would compete for sets of a cache. */
const SHARED = 0x1_0000;
const SLOTS = 0x2_1000;
const OWN = 0x4_2000;
/** Enough for what a barrier has for each of 1,024 participants. */
const OWN_SIZE = 32 * LINE;

export class Arena {
  readonly bare: BareMachine;
  private readonly memoryPerNode: number;
  private readonly nodes: number;
  private readonly perNode: number;
  private readonly isBus: boolean;
  private readonly isCluster: boolean;

  /** @throws NotMeasured when this build has no such machine */
  constructor(variant: string, harts: number, settings: Settings) {
    const { preset, set } = VARIANTS[variant] as (typeof VARIANTS)[string];
    const usual = configFor(preset, { harts, set }, settings);
    this.perNode = harts / usual.nodes;
    const memoryPerNode = 2 ** Math.ceil(Math.log2(OWN + this.perNode * OWN_SIZE));
    const config = configFor(preset, { harts, set: { ...set, memoryPerNode } }, settings);
    this.bare = new BareMachine(config);
    this.nodes = config.nodes;
    this.memoryPerNode = config.memoryPerNode;
    this.isBus = config.memorySystem === 'bus';
    this.isCluster = isCluster(config);
    const { machine } = this.bare;
    if (machine.nonCoherent) machine.markUncached(0, config.nodes * config.memoryPerNode);
  }

  get harts(): number {
    return this.bare.harts;
  }

  /** A hart's clock between two of its instructions. */
  clock(hart: number): number {
    return this.bare.machine.clock(hart);
  }

  run(program: Parameters<BareMachine['run']>[0], harts?: readonly number[]): Phase {
    return this.bare.run(program, harts);
  }

  /** Transactions of a phase that the memory of the hart's own node did not serve: on a bus, all; on a cluster, messages. */
  remote(phase: Phase): number {
    if (this.isCluster) return phase.counted('messages');
    return transactions(phase) - (this.isBus ? 0 : phase.counted('localFills'));
  }

  /** What all share: in the memory of a node, the first if left out. */
  shared(node = 0): number {
    return node * this.memoryPerNode + SHARED;
  }

  /** Memory of a hart's own: in that of its node. */
  readonly own: Placement = (hart) => {
    const node = Math.floor(hart / this.perNode);
    return node * this.memoryPerNode + OWN + (hart % this.perNode) * OWN_SIZE;
  };

  /** Lines that go round the nodes. */
  readonly slots: Placement = (index) =>
    (index % this.nodes) * this.memoryPerNode + SLOTS + Math.floor(index / this.nodes) * LINE;
}

/**
 * @param shared bytes that all share
 * @param own bytes of each hart
 * @throws NotMeasured when they do not fit where the arena puts them
 */
export function checkRoom(shared: number, own: number): void {
  const room = SLOTS - SHARED;
  if (!(shared >= 0 && shared <= room))
    throw new NotMeasured(`${shared} bytes are shared; there is room for ${room}`);
  if (!(own >= 0 && own <= OWN_SIZE))
    throw new NotMeasured(`each thread has ${own} bytes of its own; there is room for ${OWN_SIZE}`);
}

/** Transactions that all harts made: lines brought, copies made exclusive, words and messages sent, accesses past the caches. */
export const transactions = ({ counted }: Phase): number =>
  counted('localFills') +
  counted('remoteFills') +
  counted('cacheFills') +
  counted('upgrades') +
  counted('updates') +
  counted('messages');
