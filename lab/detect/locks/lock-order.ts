/**
 * Lock order: two locks that are taken in one order here and in the other one there, though nothing happened.
 *
 * A program's locks are told apart one by one. Those of the kernel go by their class, as in Linux's lockdep
 * ("run queue lock", whoever's), and any path counts as everybody's; locks of one class are told apart.
 */
import type { Detector, Lock, LockStep, Watch } from '../detector.ts';
import type { Involved } from '../finding.ts';
import { atCycle, hex, located } from '../words.ts';
import { lockOf } from './held-locks.ts';
import { type Edge, OrderGraph, type OrderNode } from './order-graph.ts';

export class LockOrderDetector implements Detector {
  private readonly watch: Watch;
  private readonly ofKernel: boolean;
  private readonly programs = new OrderGraph(false);
  private readonly kernel = new OrderGraph(true);
  private readonly reported = new Set<string>();
  /** Names of the kernel's locks: finding one takes long. */
  private readonly names = new Map<number, string>();

  /** @param ofKernel whether locks in physical memory are the kernel's */
  constructor(watch: Watch, ofKernel: boolean) {
    this.watch = watch;
    this.ofKernel = ofKernel;
  }

  lock({ what, lock, who, cycle }: LockStep): void {
    if (what !== 'wanted') return;
    const held = this.watch.locks.heldBy(who).map(lockOf);
    if (held.length === 0) return;
    const isKernel = this.ofKernel && lock.space === 0;
    const graph = isKernel ? this.kernel : this.programs;
    for (const other of held) {
      if (other.space !== lock.space || other.address === lock.address) continue;
      const [from, to] = isKernel ? this.classes(other, lock) : [instance(other), instance(lock)];
      const gates = new Set(
        held
          .filter((gate) => gate !== other)
          .map((gate) => (isKernel ? this.className(gate) : instance(gate))),
      );
      const cycleFound = graph.add({ held: from, wanted: to, who, hart: who.hart, cycle, gates });
      if (cycleFound !== undefined) this.report(cycleFound, lock, cycle);
    }
  }

  renewed(space: number, from: number, to: number): void {
    const isGone = (node: OrderNode): boolean => {
      const lock = instanceOf(node);
      return lock !== undefined && lock.space === space && lock.address >= from && lock.address < to;
    };
    const graph = this.ofKernel && space === 0 ? this.kernel : this.programs;
    graph.drop(isGone);
    if (this.ofKernel && space === 0)
      for (const address of this.names.keys())
        if (address >= from && address < to) this.names.delete(address);
  }

  vanished(space: number): void {
    this.programs.drop((node) => instanceOf(node)?.space === space);
  }

  /** Two locks of the kernel in the order: by class, or if that is the same, one by one. */
  private classes(left: Lock, right: Lock): [OrderNode, OrderNode] {
    const [from, to] = [this.className(left), this.className(right)];
    return from === to ? [instance(left), instance(right)] : [from, to];
  }

  private className({ address }: Lock): OrderNode {
    let name = this.names.get(address);
    if (name === undefined) {
      name = classOf(this.watch.place(0, address) ?? hex(address));
      this.names.set(address, name);
    }
    return name;
  }

  private report(cycleFound: readonly Edge[], lock: Lock, cycle: number): void {
    const nodes = cycleFound.map(({ held }) => held);
    const key = nodes.toSorted().join(' ');
    if (this.reported.has(key)) return;
    this.reported.add(key);
    const steps = cycleFound.map(
      (edge) =>
        `${edge.who.name} wanted ${this.nameOf(edge.wanted)} while it held ${this.nameOf(edge.held)} (${atCycle(edge.cycle)})`,
    );
    const involved = cycleFound.map(
      (edge): Involved => ({
        who: edge.who.name,
        hart: edge.hart,
        cycle: edge.cycle,
        instruction: `wants ${this.nameOf(edge.wanted)} while it holds ${this.nameOf(edge.held)}`,
      }),
    );
    const place = this.watch.place(lock.space, lock.address);
    this.watch.report({
      message: `locks in both orders: ${steps.join('; ')}`,
      cycle,
      address: lock.address,
      ...(place === undefined ? {} : { place }),
      involved,
    });
  }

  private nameOf(node: OrderNode): string {
    const lock = instanceOf(node);
    if (lock === undefined) return `a lock of the class '${node}'`;
    return `the lock at ${located(lock.address, this.watch.place(lock.space, lock.address))}`;
  }
}

const PREFIX = '#';
const instance = ({ space, address }: Lock): OrderNode => `${PREFIX}${space}:${address}`;
const instanceOf = (node: OrderNode): Lock | undefined => {
  if (!node.startsWith(PREFIX)) return undefined;
  const [space, address] = node.slice(1).split(':').map(Number);
  return { space: space as number, address: address as number };
};

/** A name without the numbers that tell one of a class from another: `hart run queue (lock)`. */
const classOf = (name: string): OrderNode => name.replaceAll(/ ?\b(?:0x[0-9a-f]+|\d+)\b/g, '');
