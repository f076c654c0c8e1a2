/**
 * Nodes in a two-dimensional mesh, routed first along the row, then along the column. Each hop takes a fixed
 * time and keeps its link busy for another.
 */
import type { Fabric } from './fabric.ts';
import { BusyParts, type TrafficRow } from './traffic.ts';

export class Mesh implements Fabric {
  /** Cycles that messages have waited for links since `queued` was last set to 0. */
  queued = 0;
  private readonly columns: number;
  private readonly hop: number;
  /** Where each node stands. */
  private readonly column: Int32Array;
  private readonly row: Int32Array;
  /** A link is node × 4 + direction (east, west, south, north). */
  private readonly links: BusyParts;

  constructor(nodes: number, hop: number, occupancy: number) {
    this.columns = Math.ceil(Math.sqrt(nodes));
    this.hop = hop;
    this.column = Int32Array.from({ length: nodes }, (_, node) => node % this.columns);
    this.row = Int32Array.from({ length: nodes }, (_, node) => Math.floor(node / this.columns));
    this.links = new BusyParts(this.columns * Math.ceil(nodes / this.columns) * 4, occupancy);
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

  traffic(): TrafficRow[] {
    const steps = [1, -1, this.columns, -this.columns];
    return this.links.rows((link) => {
      const from = link >> 2;
      const to = from + (steps[link & 3] as number);
      return { kind: 'link', name: `node ${from} → node ${to}`, from, to };
    });
  }

  private cross(link: number, now: number): number {
    const start = this.links.occupy(link, now);
    this.queued += start - now;
    return start + this.hop;
  }
}
