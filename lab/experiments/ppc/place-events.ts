/** Places that programs name, as they come by in a trace. */
import { MARK, placeName } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';

/** The name of the place that an event is, or undefined. */
export const placeOf = (event: TraceEvent): string | undefined =>
  event.kind === 'mark' && event.mark === MARK.place ? placeName(event.a, event.b) : undefined;

/** From one place of a hart to another. */
export interface Stretch {
  readonly hart: number;
  readonly begin: number;
  readonly end: number;
  /** Misses, upgrades and the like of the hart meanwhile. */
  readonly transactions: number;
}

/** Records every stretch from a place `from` to the next place `to` of the same hart. */
export function recordStretches(machine: Machine, from: string, to: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const open = new Map<number, { readonly begin: number; transactions: number }>();
  machine.trace.attach({
    event: (event) => {
      if (event.kind === 'transaction') {
        const stretch = open.get(event.hart);
        if (stretch !== undefined) stretch.transactions++;
        return;
      }
      const name = placeOf(event);
      if (event.kind !== 'mark' || name === undefined) return;
      const { hart, cycle } = event;
      const stretch = open.get(hart);
      if (name === to && stretch !== undefined) {
        stretches.push({ hart, end: cycle, ...stretch });
        open.delete(hart);
      } else if (name === from) open.set(hart, { begin: cycle, transactions: 0 });
    },
  });
  return stretches;
}
