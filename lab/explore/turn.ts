/**
 * Whose turn it is where a schedule says nothing: whoever acts goes on; when it cannot, the lowest actor that
 * can; after a `pause`, which says that it waits for somebody, the next one in order. So a lock that polls with
 * `pause` does not keep its holder from running. (CHESS treats yields so: Musuvathi & Qadeer, PLDI 2007.)
 */
import { OP } from '../../hw/isa/op.ts';
import { theInstruction } from '../../hw/isa/instruction.ts';

export class Turn {
  private readonly harts: number;
  /** Whoever acted last. */
  current: number | undefined;

  constructor(harts: number) {
    this.harts = harts;
  }

  /** Whether whoever acted last has just executed `pause`. To be asked before anything else is executed. */
  get paused(): boolean {
    return this.current !== undefined && this.current < this.harts && theInstruction.op === OP.pause;
  }

  // DOC: usual-turn
  /** The actor whose turn it is. */
  usual(runnable: readonly number[]): number {
    const { current } = this;
    const lowest = runnable[0] as number;
    if (current === undefined || !runnable.includes(current)) return lowest;
    if (!this.paused) return current;
    return runnable.find((actor) => actor > current) ?? lowest;
  }

  /**
   * Whether to go on with `actor` is a preemption: it is not its turn, and whoever acted last could go on.
   * (After a `pause`, too: else there were endlessly many ways to go on polling without a preemption.)
   */
  preempts(runnable: readonly number[], actor: number): boolean {
    const { current } = this;
    return current !== undefined && runnable.includes(current) && actor !== this.usual(runnable);
  }

  /** `actor` acts next. After a device event, whoever acted before it goes on. */
  take(actor: number): void {
    if (actor < 2 * this.harts) this.current = actor;
  }
}
