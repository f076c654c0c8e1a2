/**
 * How much each bus, link and memory module carried, how long it was busy with that, and how long those who
 * came meanwhile waited. Always counted: three additions beside a transaction's own arithmetic.
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

/** What a part has: when it is free, and its three counts. Side by side, since they change together. */
const STRIDE = 4;
const TRANSACTIONS = 1;
const BUSY = 2;
const WAITING = 3;

/** Parts of one kind that are busy for a while with each transaction, and serve one after the other. */
export class BusyParts {
  private readonly state: Float64Array;

  constructor(count: number) {
    this.state = new Float64Array(count * STRIDE);
  }

  /** A transaction comes to a part at `now` and keeps it busy for so long; gives when it begins. */
  occupy(part: number, now: number, cycles: number): number {
    const { state } = this;
    const at = part * STRIDE;
    const free = state[at] as number;
    const start = now > free ? now : free;
    state[at] = start + cycles;
    state[at + TRANSACTIONS] = (state[at + TRANSACTIONS] as number) + 1;
    state[at + BUSY] = (state[at + BUSY] as number) + cycles;
    state[at + WAITING] = (state[at + WAITING] as number) + (start - now);
    return start;
  }

  /** The parts that carried anything, in their order. */
  rows(describe: (part: number) => Pick<TrafficRow, 'kind' | 'name' | 'from' | 'to'>): TrafficRow[] {
    const { state } = this;
    const rows: TrafficRow[] = [];
    for (let part = 0; part * STRIDE < state.length; part++) {
      const [, transactions = 0, busyCycles = 0, waitingCycles = 0] = state.subarray(part * STRIDE);
      if (transactions > 0) rows.push({ ...describe(part), transactions, busyCycles, waitingCycles });
    }
    return rows;
  }
}
