/** A list of faults, sorted by who has to know; and the counting that says which request or interrupt is the n-th. */
import { INTERRUPT } from '../isa/csr.ts';
import type { Fault } from './fault.ts';

type Of<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;

export class FaultPlan {
  /** The losses of power; the first that comes counts. */
  readonly powerLosses: readonly Of<'powerLoss'>[];
  /** Whether any interrupt is late. */
  readonly delaysAny: boolean;
  private readonly failing: ReadonlySet<number>;
  private readonly badBlocks: readonly number[];
  /** By pending bit: cycles of delay by the number of the interrupt. */
  private readonly delays = new Map<number, Map<number, number>>();
  private readonly raised = new Map<number, number>();
  private requests = 0;

  constructor(faults: readonly Fault[]) {
    const all = <Kind extends Fault['kind']>(kind: Kind): Of<Kind>[] =>
      faults.filter((fault): fault is Of<Kind> => fault.kind === kind);
    this.powerLosses = all('powerLoss');
    this.failing = new Set(all('diskError').map(({ request }) => request));
    this.badBlocks = all('badBlock').map(({ block }) => block);
    for (const { interrupt, nth, cycles } of all('delay')) {
      const bit = INTERRUPT[interrupt];
      const late = this.delays.get(bit) ?? new Map<number, number>();
      // Of two delays of the same interrupt, both count.
      this.delays.set(bit, late.set(nth, (late.get(nth) ?? 0) + cycles));
    }
    this.delaysAny = this.delays.size > 0;
  }

  /** Counts a disk request that starts; whether it is to fail. */
  failsRequest(block: number, count: number): boolean {
    const number = this.requests++;
    return this.failing.has(number) || this.badBlocks.some((bad) => bad >= block && bad < block + count);
  }

  /** Counts an interrupt that is about to become pending; by how many cycles it is late. */
  delayOf(bit: number): number {
    const number = this.raised.get(bit) ?? 0;
    this.raised.set(bit, number + 1);
    return this.delays.get(bit)?.get(number) ?? 0;
  }

  /** Step after which power is lost, or Infinity. */
  get lastStep(): number {
    const steps = this.powerLosses.filter(({ after }) => after === 'steps').map(({ count }) => count);
    return Math.min(Number.POSITIVE_INFINITY, ...steps);
  }
}
