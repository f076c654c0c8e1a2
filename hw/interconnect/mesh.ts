/**
 * Nodes in a two-dimensional mesh, routed first along the row, then along the column. Each hop takes a fixed
 * time and keeps its link busy for another.
 */
export class Mesh {
  /** Cycles that messages have waited for links since `queued` was last set to 0. */
  queued = 0;
  private readonly columns: number;
  private readonly hop: number;
  private readonly occupancy: number;
  /** When each link is free: node × 4 + direction (east, west, south, north). */
  private readonly freeAt: Float64Array;

  constructor(nodes: number, hop: number, occupancy: number) {
    this.columns = Math.ceil(Math.sqrt(nodes));
    this.hop = hop;
    this.occupancy = occupancy;
    this.freeAt = new Float64Array(this.columns * Math.ceil(nodes / this.columns) * 4);
  }

  /** The number of hops between two nodes. */
  distance(from: number, to: number): number {
    const columns = this.columns;
    return (
      Math.abs((from % columns) - (to % columns)) +
      Math.abs(Math.floor(from / columns) - Math.floor(to / columns))
    );
  }

  /** Sends a message at `now`; gives the cycle at which it arrives. */
  send(from: number, to: number, now: number): number {
    const columns = this.columns;
    let at = from;
    let time = now;
    for (let left = (to % columns) - (at % columns); left !== 0; left -= Math.sign(left)) {
      time = this.cross(at * 4 + (left > 0 ? 0 : 1), time);
      at += Math.sign(left);
    }
    while (at !== to) {
      time = this.cross(at * 4 + (to > at ? 2 : 3), time);
      at += to > at ? columns : -columns;
    }
    return time;
  }

  private cross(link: number, now: number): number {
    const start = Math.max(now, this.freeAt[link] as number);
    this.queued += start - now;
    this.freeAt[link] = start + this.occupancy;
    return start + this.hop;
  }
}
