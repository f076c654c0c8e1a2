/** A bus for each node, and nothing between them: what the nodes of a cluster have. */
import type { Timing } from '../config.ts';
import { Bus } from './bus.ts';
import type { Interconnect } from './interconnect.ts';
import type { TrafficRow } from './traffic.ts';

export class NodeBuses implements Interconnect {
  queued = 0;
  private readonly buses: readonly Bus[];

  constructor(nodes: number, timing: Timing) {
    this.buses = Array.from({ length: nodes }, () => new Bus(timing));
  }

  fetch(node: number, home: number, supplier: number, now: number, access: number): number {
    const bus = this.buses[node] as Bus;
    const done = bus.fetch(node, home, supplier, now, access);
    this.queued = bus.queued;
    return done;
  }

  invalidate(
    node: number,
    home: number,
    nodes: Int32Array,
    count: number,
    now: number,
    asked: boolean,
  ): number {
    const bus = this.buses[node] as Bus;
    const done = bus.invalidate(node, home, nodes, count, now, asked);
    this.queued = bus.queued;
    return done;
  }

  writeBack(node: number, home: number, now: number): void {
    (this.buses[node] as Bus).writeBack(node, home, now);
  }

  isLocal(): boolean {
    return true;
  }

  traffic(): TrafficRow[] {
    return this.buses.flatMap((bus, node) => bus.traffic().map((row) => ({ ...row, name: `bus ${node}` })));
  }
}
