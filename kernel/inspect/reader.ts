/**
 * Reading the kernel's structures from the host side, through `machine.peek`: coherent, and free for the
 * emulated machine. Lists are followed no further than they can sensibly be long, so that a corrupt one ends.
 */
import type { Machine } from '../../hw/machine.ts';
import { HART, missHandlerOffset, TRANSLATION_TABLE } from '../hart-local.ts';
import { GLOBAL, LOCALS, NODE_BLOCK, NODE_BLOCK_OFFSET, PROCESS_TABLE } from '../layout.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { PROCESS_SLOTS, TABLE } from '../processes/process-table.ts';
import { CLASS } from '../classes.ts';
import { LINKAGE } from '../ipc/lrpc/layout.ts';
import { repsOfRoot } from './objects.ts';
import { FIXED_ROOT } from '../objects/fixed-root.ts';
import { ROOT } from '../objects/root.ts';
import { THREAD } from '../threads/thread.ts';
import { LINK } from '../vm/region-list.ts';

/** What stands in a list is a block or a frame: no list is longer than memory has room for the smallest. */
const SMALLEST_ELEMENT = 16;

export class Reader {
  readonly machine: Machine;
  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** The word at an address of emulated memory. */
  word(address: number): number {
    return this.machine.peek(address);
  }

  /** A fact from node 0's block. */
  fact(offset: number): number {
    return this.word(GLOBAL + offset);
  }

  /** How many harts the kernel has: on a cluster those of its node, which is node 0. */
  get harts(): number {
    return this.machine.harts / (this.machine.isCluster ? this.machine.config.nodes : 1);
  }

  /** How many nodes the kernel has. */
  get nodes(): number {
    return this.machine.isCluster ? 1 : this.machine.config.nodes;
  }

  /** Whether the kernel has been loaded. */
  get loaded(): boolean {
    return this.fact(NODE_BLOCK.harts) === this.harts;
  }

  /** Base address of a node's memory. */
  nodeBase(node: number): number {
    return node * this.machine.config.memoryPerNode;
  }

  nodeBlock(node: number): number {
    return this.nodeBase(node) + NODE_BLOCK_OFFSET;
  }

  /** Base addresses of all HARTs, by hart. */
  locals(): number[] {
    const perNode = this.fact(NODE_BLOCK.hartsPerNode);
    const stride = this.fact(NODE_BLOCK.stride);
    return Array.from(
      { length: this.harts },
      (_, hart) => this.nodeBase(Math.floor(hart / perNode)) + LOCALS + (hart % perNode) * stride,
    );
  }

  /** Base address of a hart's HART. */
  local(hart: number): number {
    const perNode = this.fact(NODE_BLOCK.hartsPerNode);
    return (
      this.nodeBase(Math.floor(hart / perNode)) + LOCALS + (hart % perNode) * this.fact(NODE_BLOCK.stride)
    );
  }

  /** Addresses of a linked list: the word at `head` points to the first, the word at `next` of each to the next. */
  list(head: number, next: number): number[] {
    const found: number[] = [];
    const { nodes, memoryPerNode } = this.machine.config;
    const longest = (nodes * memoryPerNode) / SMALLEST_ELEMENT;
    for (let at = this.word(head); at !== 0 && found.length < longest; at = this.word(at + next))
      found.push(at);
    return found;
  }

  /** Records of all processes. */
  processes(): number[] {
    const slots = Array.from({ length: PROCESS_SLOTS }, (_, slot) =>
      this.word(PROCESS_TABLE + TABLE.slots + 4 * slot),
    );
    return slots.filter((process) => process !== 0);
  }

  /** Threads of a process, ended ones that nobody has joined included. */
  threads(process: number): number[] {
    const root = this.word(process + PROCESS.root);
    return repsOfRoot(this, root).flatMap((rep) => this.list(rep + PROCESS_REP.threads, THREAD.next));
  }

  /** Linkage records of the calls that a thread is in, the innermost first. */
  linkages(thread: number): number[] {
    return this.list(thread + THREAD.linkage, LINKAGE.below);
  }

  /** Links of the regions of a process. */
  links(process: number): number[] {
    return this.list(process + PROCESS.regions, LINK.next);
  }

  /** References that have ever been given out. */
  usedRefs(): number[] {
    const perHart = this.fact(NODE_BLOCK.refsPerHart);
    const refs: number[] = [];
    for (let hart = 0; hart < this.harts; hart += 1) {
      const fresh = this.word(this.local(hart) + HART.refFresh);
      for (let index = 1; index < fresh; index += 1) refs.push(4 * (hart * perHart + index));
    }
    return refs;
  }

  /** The root of an object, or 0. */
  rootOf(ref: number): number {
    const perHart = this.fact(NODE_BLOCK.refsPerHart);
    const index = ref >>> 2;
    const home = this.local(Math.floor(index / perHart));
    return Math.max(0, this.word(home + missHandlerOffset(this.harts, perHart) + 4 * (index % perHart)));
  }

  /** The first representative of an object, or 0. */
  repOf(ref: number): number {
    const root = ref > 0 ? this.rootOf(ref) : 0;
    if (root === 0) return 0;
    const fixed = this.word(root + ROOT.class) === CLASS.fixedRoot;
    return this.word(root + (fixed ? FIXED_ROOT.rep : ROOT.primary));
  }

  /** The record of a process by its reference, or 0. */
  recordOf(ref: number): number {
    const rep = this.repOf(ref);
    return rep === 0 ? 0 : this.word(rep + PROCESS_REP.record);
  }

  /** What a hart's translation table holds for a reference. */
  translation(hart: number, ref: number): number {
    return this.word(this.local(hart) + TRANSLATION_TABLE + ref);
  }

  /** The thread that a hart runs, or 0. */
  current(hart: number): number {
    return this.word(this.local(hart) + HART.current);
  }
}
