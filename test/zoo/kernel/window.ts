/**
 * A search that decides up to a place in the program only: until the program names a place (`place('end')`), and by
 * the usual turn after that. What a bound on preemptions then promises holds for that part of the run.
 */
import type { Footprint } from '../../../hw/hart/footprint.ts';
import { MARK } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { Search } from '../../../lab/explore/every-execution.ts';
import { Turn } from '../../../lab/explore/turn.ts';

export class Window implements Search {
  readonly needsFootprint: boolean;
  private readonly inner: Search;
  private turn = new Turn(0);
  private isOpen = true;

  constructor(inner: Search) {
    this.inner = inner;
    this.needsFootprint = inner.needsFootprint;
  }

  get redundant(): number {
    return this.inner.redundant;
  }

  begin(machine: Machine, footprint: Footprint): void {
    this.inner.begin(machine, footprint);
    this.turn = new Turn(machine.harts);
    this.isOpen = true;
    machine.trace.attach({
      event: (event) => {
        if (event.kind === 'mark' && event.mark === MARK.place) this.isOpen = false;
      },
    });
  }

  choose(runnable: readonly number[], step: number): number | undefined {
    const actor = this.isOpen ? this.inner.choose(runnable, step) : this.turn.usual(runnable);
    if (actor !== undefined) this.turn.take(actor);
    return actor;
  }

  next(): boolean {
    return this.inner.next();
  }
}
