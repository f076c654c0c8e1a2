/**
 * The network machines' transport: a fabric between the nodes (mesh.ts, omega.ts), and at each home a memory module with its
 * directory that serves one transaction at a time. A line that a cache owns takes three legs (requester →
 * home → owner → requester), one from memory two. Lenoski et al., *The Stanford Dash Multiprocessor*, 1992.
 */
import type { Timing } from '../config.ts';
import type { Fabric } from './fabric.ts';
import type { Interconnect } from './interconnect.ts';
import { BusyParts, type TrafficRow } from './traffic.ts';

export class Network implements Interconnect {
  queued = 0;
  private readonly timing: Timing;
  private readonly fabric: Fabric;
  /** The memory module of each node. */
  private readonly modules: BusyParts;

  constructor(nodes: number, timing: Timing, fabric: Fabric) {
    this.timing = timing;
    this.fabric = fabric;
    this.modules = new BusyParts(nodes, timing.memoryOccupancy);
  }

  /** When the home served the last request: a fetch, whose invalidations go out from there. */
  private served = 0;

  // DOC: network-fetch
  fetch(node: number, home: number, supplier: number, now: number, access: number): number {
    const served = this.reachHome(node, home, now);
    if (supplier < 0) return this.counted(this.fabric.fromHome(home, node, served + access));
    const asked = this.fabric.fromHome(home, supplier, served + this.timing.directory);
    return this.counted(this.fabric.across(supplier, node, asked + this.timing.cacheToCache));
  }

  // DOC: network-invalidate
  invalidate(
    node: number,
    home: number,
    nodes: Int32Array,
    count: number,
    now: number,
    asked: boolean,
  ): number {
    let send = (asked ? this.served : this.reachHome(node, home, now)) + this.timing.directory;
    let done = asked ? send : this.fabric.fromHome(home, node, send);
    for (let index = 0; index < count; index++) {
      const holder = nodes[index] as number;
      const answered = this.fabric.across(holder, node, this.fabric.fromHome(home, holder, send));
      if (answered > done) done = answered;
      send += this.timing.linkOccupancy;
    }
    return this.counted(done);
  }

  writeBack(node: number, home: number, now: number): void {
    const arrived = this.fabric.toHome(node, home, now);
    this.occupy(home, arrived);
  }

  isLocal(node: number, home: number): boolean {
    return this.fabric.isLocal(node, home);
  }

  traffic(): TrafficRow[] {
    return [
      ...this.fabric.traffic(),
      ...this.modules.rows((node) => ({ kind: 'module', name: `memory ${node}` })),
    ];
  }

  /** The request travels and waits for the memory module; gives when it is served. */
  private reachHome(node: number, home: number, now: number): number {
    this.fabric.queued = 0;
    const arrived = this.fabric.toHome(node, home, now);
    const served = this.occupy(home, arrived);
    this.queued = served - arrived;
    this.served = served;
    return served;
  }

  private occupy(home: number, now: number): number {
    return this.modules.occupy(home, now);
  }

  /** Adds what the fabric made the transaction wait to `queued`. */
  private counted(arrived: number): number {
    this.queued += this.fabric.queued;
    this.fabric.queued = 0;
    return arrived;
  }
}
