/**
 * Nodes in a two-dimensional mesh, routed first along the row, then along the column. Each hop takes a fixed
 * time and keeps its link busy for another.
 */
import type { Fabric } from './fabric.ts';

export class Mesh implements Fabric {
  /** Cycles that messages have waited for links since `queued` was last set to 0. */
  queued = 0;
  private readonly columns: number;
  private readonly hop: number;
  private readonly occupancy: number;
  /** Where each node stands. */
  private readonly column: Int32Array;
  private readonly row: Int32Array;
  /** When each link is free: node × 4 + direction (east, west, south, north). */
  private readonly freeAt: Float64Array;

  constructor(nodes: number, hop: number, occupancy: number) {
    this.columns = Math.ceil(Math.sqrt(nodes));
    this.hop = hop;
    this.occupancy = occupancy;
    this.column = Int32Array.from({ length: nodes }, (_, node) => node % this.columns);
    this.row = Int32Array.from({ length: nodes }, (_, node) => Math.floor(node / this.columns));
    this.freeAt = new Float64Array(this.columns * Math.ceil(nodes / this.columns) * 4);
  }

  /** The number of hops between two nodes. */
  distance(from: number, to: number): number {
    return (
      Math.abs((this.column[from] as number) - (this.column[to] as number)) +
      Math.abs((this.row[from] as number) - (this.row[to] as number))
    );
  }

  // DOC: mesh-send
  /** Sends a message at `now`; gives the cycle at which it arrives. */
  send(from: number, to: number, now: number): number {
    if (from === to) return now;
    let at = from;
    let time = now;
    let across = (this.column[to] as number) - (this.column[from] as number);
    for (; across > 0; across--) time = this.cross(at++ * 4, time);
    for (; across < 0; across++) time = this.cross(at-- * 4 + 1, time);
    for (; at < to; at += this.columns) time = this.cross(at * 4 + 2, time);
    for (; at > to; at -= this.columns) time = this.cross(at * 4 + 3, time);
    return time;
  }

  toHome(node: number, home: number, now: number): number {
    return this.send(node, home, now);
  }

  fromHome(home: number, node: number, now: number): number {
    return this.send(home, node, now);
  }

  across(from: number, to: number, now: number): number {
    return this.send(from, to, now);
  }

  isLocal(node: number, home: number): boolean {
    return node === home;
  }

  private cross(link: number, now: number): number {
    const start = Math.max(now, this.freeAt[link] as number);
    this.queued += start - now;
    this.freeAt[link] = start + this.occupancy;
    return start + this.hop;
  }
}
