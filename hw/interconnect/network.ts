/**
 * The directory machine's transport: a mesh between the nodes, and at each home a memory module with its
 * directory that serves one transaction at a time. A line that a cache owns takes three legs (requester →
 * home → owner → requester), one from memory two. Lenoski et al., *The Stanford Dash Multiprocessor*, 1992.
 */
import type { Timing } from '../config.ts';
import type { Interconnect } from './interconnect.ts';
import { Mesh } from './mesh.ts';

export class Network implements Interconnect {
  queued = 0;
  private readonly timing: Timing;
  private readonly mesh: Mesh;
  /** When each node's memory module is free. */
  private readonly freeAt: Float64Array;

  constructor(nodes: number, timing: Timing) {
    this.timing = timing;
    this.mesh = new Mesh(nodes, timing.hop, timing.linkOccupancy);
    this.freeAt = new Float64Array(nodes);
  }

  fetch(node: number, home: number, supplier: number, now: number): number {
    const served = this.reachHome(node, home, now);
    if (supplier < 0) return this.deliver(home, node, served + this.timing.memory);
    const asked = this.mesh.send(home, supplier, served + this.timing.directory);
    return this.deliver(supplier, node, asked + this.timing.cacheToCache);
  }

  invalidate(
    node: number,
    home: number,
    nodes: Int32Array,
    count: number,
    now: number,
    asked: boolean,
  ): number {
    let send = (asked ? now : this.reachHome(node, home, now)) + this.timing.directory;
    let done = asked ? send : this.mesh.send(home, node, send);
    for (let index = 0; index < count; index++) {
      const holder = nodes[index] as number;
      const answered = this.mesh.send(holder, node, this.mesh.send(home, holder, send));
      if (answered > done) done = answered;
      send += this.timing.linkOccupancy;
    }
    this.queued += this.mesh.queued;
    this.mesh.queued = 0;
    return done;
  }

  writeBack(node: number, home: number, now: number): void {
    const arrived = this.mesh.send(node, home, now);
    this.occupy(home, arrived);
  }

  /** The request travels and waits for the memory module; gives when it is served. */
  private reachHome(node: number, home: number, now: number): number {
    this.mesh.queued = 0;
    const arrived = this.mesh.send(node, home, now);
    const served = this.occupy(home, arrived);
    this.queued = served - arrived;
    return served;
  }

  private occupy(home: number, now: number): number {
    const start = Math.max(now, this.freeAt[home] as number);
    this.freeAt[home] = start + this.timing.memoryOccupancy;
    return start;
  }

  private deliver(from: number, to: number, now: number): number {
    const arrived = this.mesh.send(from, to, now);
    this.queued += this.mesh.queued;
    this.mesh.queued = 0;
    return arrived;
  }
}
