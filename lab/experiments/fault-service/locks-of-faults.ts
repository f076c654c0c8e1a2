/** What harts spend in the locks of the kernel between the places `begin` and `end` of a program. */
import { MARK } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { TraceEvent, TraceSink } from '../../../hw/trace/event.ts';
import { placeOf } from '../ppc/place-events.ts';

type MarkEvent = Extract<TraceEvent, { readonly kind: 'mark' }>;

export class LocksOfFaults implements TraceSink {
  /** Cycles between wanting locks and having them, of all harts. */
  waited = 0;
  private readonly inside = new Set<number>();
  private readonly since = new Map<string, number>();
  /** Cycles for which each lock was held, and by whom it ever was. */
  private readonly held = new Map<number, { cycles: number; readonly harts: Set<number> }>();

  constructor(machine: Machine) {
    machine.trace.attach(this);
  }

  event(event: TraceEvent): void {
    const place = placeOf(event);
    if (event.kind !== 'mark') return;
    if (place === 'begin') this.inside.add(event.hart);
    if (place === 'end') this.inside.delete(event.hart);
    if (!event.user && this.inside.has(event.hart)) this.lockEvent(event);
  }

  private lockEvent({ hart, cycle, mark, a: lock }: MarkEvent): void {
    const key = `${hart} ${lock}`;
    const since = this.since.get(key);
    if (mark === MARK.lockAcquired && since !== undefined) this.waited += cycle - since;
    if (mark === MARK.lockWanted || mark === MARK.lockAcquired) this.since.set(key, cycle);
    if (mark !== MARK.lockReleased || since === undefined) return;
    const held = this.held.get(lock) ?? { cycles: 0, harts: new Set() };
    held.cycles += cycle - since;
    held.harts.add(hart);
    this.held.set(lock, held);
    this.since.delete(key);
  }

  /** Cycles for which the lock was held that was held longest, of those that more than one hart took. */
  get longestHeld(): number {
    return Math.max(
      0,
      ...[...this.held.values()].filter(({ harts }) => harts.size > 1).map(({ cycles }) => cycles),
    );
  }
}
