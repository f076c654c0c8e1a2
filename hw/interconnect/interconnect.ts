/**
 * What carries a transaction, and when it arrives. Each link, bus and memory module is a resource that is
 * busy for a while with each transaction, so that a later one queues: contention shows as time.
 */
import type { TrafficRow } from './traffic.ts';

export interface Interconnect {
  /** Cycles that the last `fetch` or `invalidate` spent in queues. */
  readonly queued: number;

  /**
   * A line is brought to `node` for a core there.
   * @param home node whose memory holds the line
   * @param supplier node of the cache that supplies it, or -1 for memory
   * @param access how long the memory module takes, if it supplies it
   * @returns the cycle at which the line is there
   */
  fetch(node: number, home: number, supplier: number, now: number, access: number): number;

  /**
   * The holders of a line are told to drop it, `count` of them, the nodes in `nodes`; all have answered the
   * requester at the cycle that is returned.
   * @param asked whether a fetch to the same home has carried the request already
   */
  invalidate(
    node: number,
    home: number,
    nodes: Int32Array,
    count: number,
    now: number,
    asked: boolean,
  ): number;

  /** A dirty line goes home; nobody waits for it, but the way is busy. */
  writeBack(node: number, home: number, now: number): void;

  /** Whether a home's memory is the node's own. */
  isLocal(node: number, home: number): boolean;

  /** What each bus, link and memory module has carried, if anything. */
  traffic(): TrafficRow[];
}
