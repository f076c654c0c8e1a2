/**
 * How much each bus, link and memory module carried, how long it was busy with that, and how long those who
 * came meanwhile waited. Always counted: one addition beside a
 * transaction's own arithmetic, and one more where it waits.
 */
export interface TrafficRow {
  readonly kind: 'bus' | 'link' | 'module';
  /** E.g. `bus 0`, `node 0 → node 1`, `memory 3`. */
  readonly name: string;
  /** Ends of a link between nodes. */
  readonly from?: number;
  readonly to?: number;
  /** Messages on a link; requests at a memory module; grants of a bus. */
  readonly transactions: number;
  readonly busyCycles: number;
  readonly waitingCycles: number;
}

/** What a part has: when it is free, and its counts. Side by side, since they change together. */
const STRIDE = 3;
const TRANSACTIONS = 1;
const WAITING = 2;

/** Parts of one kind, each busy for the same while with every transaction; they serve one after the other. */
export class BusyParts {
  private readonly state: Float64Array;
  private readonly occupancy: number;

  /** @param occupancy cycles for which a transaction keeps a part busy */
  constructor(count: number, occupancy: number) {
    this.state = new Float64Array(count * STRIDE);
    this.occupancy = occupancy;
  }

  /** A transaction comes to a part at `now`; gives when it begins. */
  occupy(part: number, now: number): number {
    const { state } = this;
    const at = part * STRIDE;
    const free = state[at] as number;
    let start = now;
    if (free > now) {
      start = free;
      state[at + WAITING] = (state[at + WAITING] as number) + (free - now);
    }
    state[at] = start + this.occupancy;
    state[at + TRANSACTIONS] = (state[at + TRANSACTIONS] as number) + 1;
    return start;
  }

  /** The parts that carried anything, in their order. */
  rows(describe: (part: number) => Pick<TrafficRow, 'kind' | 'name' | 'from' | 'to'>): TrafficRow[] {
    const { state } = this;
    const rows: TrafficRow[] = [];
    for (let part = 0; part * STRIDE < state.length; part++) {
      const [, transactions = 0, waitingCycles = 0] = state.subarray(part * STRIDE);
      if (transactions === 0) continue;
      rows.push({
        ...describe(part),
        transactions,
        busyCycles: transactions * this.occupancy,
        waitingCycles,
      });
    }
    return rows;
  }
}
