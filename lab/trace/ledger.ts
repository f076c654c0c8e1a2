/** What each hart has counted since it was last asked: charged to whatever was going on meanwhile. */
import { COUNTERS_PER_HART } from '../../hw/counters.ts';

export class Ledger {
  private readonly live: readonly Float64Array[];
  private readonly settled: readonly Float64Array[];

  /** @param raw a live view of a hart's counters */
  constructor(harts: number, raw: (hart: number) => Float64Array) {
    this.live = Array.from({ length: harts }, (_, hart) => raw(hart));
    this.settled = this.live.map((counters) => Float64Array.from(counters));
  }

  /** Adds what the hart counted since its last settlement to `account`, or to nobody's. */
  settle(hart: number, account: Float64Array | undefined): void {
    const live = this.live[hart] as Float64Array;
    const settled = this.settled[hart] as Float64Array;
    for (let position = 0; position < COUNTERS_PER_HART; position++) {
      const value = live[position] as number;
      if (account !== undefined) {
        account[position] = (account[position] as number) + value - (settled[position] as number);
      }
      settled[position] = value;
    }
  }
}
