/**
 * One snooping bus with one memory: a transaction holds the bus from its grant until its data has crossed
 * (no split transactions), and every cache sees it. An invalidation is an address-only transaction.
 */
import type { Timing } from '../config.ts';
import type { Interconnect } from './interconnect.ts';
import type { TrafficRow } from './traffic.ts';

export class Bus implements Interconnect {
  queued = 0;
  private freeAt = 0;
  private transactions = 0;
  private busy = 0;
  private waiting = 0;
  private readonly timing: Timing;

  constructor(timing: Timing) {
    this.timing = timing;
  }

  // DOC: bus-fetch
  fetch(_node: number, _home: number, supplier: number, now: number, memory: number): number {
    const granted = this.grant(now, this.timing.linkOccupancy);
    const access = supplier >= 0 ? this.timing.cacheToCache : memory;
    return granted + this.timing.hop + access;
  }

  invalidate(
    _node: number,
    _home: number,
    _nodes: Int32Array,
    _count: number,
    now: number,
    asked: boolean,
  ): number {
    // A read-exclusive has told everybody by crossing the bus.
    if (asked) return now;
    return this.grant(now, this.timing.hop) + this.timing.hop;
  }

  writeBack(_node: number, _home: number, now: number): void {
    const queued = this.queued;
    this.grant(now, this.timing.linkOccupancy);
    this.queued = queued;
  }

  /** There is one memory, and it is everybody's. */
  isLocal(): boolean {
    return true;
  }

  traffic(): TrafficRow[] {
    const { transactions, busy, waiting } = this;
    if (transactions === 0) return [];
    return [{ kind: 'bus', name: 'bus', transactions, busyCycles: busy, waitingCycles: waiting }];
  }

  private grant(now: number, occupancy: number): number {
    const granted = Math.max(now, this.freeAt);
    this.queued = granted - now;
    this.freeAt = granted + occupancy;
    this.transactions++;
    this.busy += occupancy;
    this.waiting += this.queued;
    return granted;
  }
}
