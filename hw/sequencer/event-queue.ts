/**
 * Device events in the order (time, order of scheduling). Time has this one owner.
 *
 * The caller pops one event and then calls it, until none is due; so an event may schedule or cancel others,
 * itself again included, and equal times fire in the order in which they were scheduled.
 */
export interface Scheduled {
  readonly time: number;
  readonly action: (time: number) => void;
  /** The number under which an arbiter can choose it (actors.ts); NO_ACTOR: it happens when it is due. */
  readonly actor: number;
}

/** The event happens in time only. */
export const NO_ACTOR = -1;

interface Entry extends Scheduled {
  readonly sequence: number;
  cancelled: boolean;
}

/** Where a device puts its events. */
export interface EventSink {
  schedule(time: number, action: (time: number) => void): Scheduled;
}

/** Events that an arbiter can choose as those of one actor. */
export const eventsOf = (events: EventQueue, actor: number): EventSink => ({
  schedule: (time, action) => events.schedule(time, action, actor),
});

export class EventQueue implements EventSink {
  private readonly heap: Entry[] = [];
  private sequence = 0;
  /** Time of the earliest event, or Infinity. Read on every step, so it is kept rather than looked up. */
  nextTime = Number.POSITIVE_INFINITY;
  /** Called after each scheduling. */
  onScheduled: () => void = () => undefined;

  schedule(time: number, action: (time: number) => void, actor = NO_ACTOR): Scheduled {
    const entry: Entry = { time, action, actor, sequence: this.sequence++, cancelled: false };
    this.heap.push(entry);
    this.up(this.heap.length - 1);
    this.settle();
    this.onScheduled();
    return entry;
  }

  /** Takes back an event that has not fired. Cancelling twice, or after it fired, does nothing. */
  cancel(scheduled: Scheduled): void {
    (scheduled as Entry).cancelled = true;
    this.settle();
  }

  /** Removes and gives the earliest event. */
  pop(): Scheduled | undefined {
    const first = this.removeFirst();
    this.settle();
    return first;
  }

  /** The earliest event, or only of one actor's; undefined if there is none. */
  earliest(actor?: number): Scheduled | undefined {
    let found: number | undefined;
    for (const [index, entry] of this.heap.entries()) {
      if (entry.cancelled || (actor !== undefined && entry.actor !== actor)) continue;
      if (found === undefined || this.before(index, found)) found = index;
    }
    return found === undefined ? undefined : this.heap[found];
  }

  /** Actors that have an event here, ascending. Looks at every event. */
  actors(): number[] {
    const found = new Set<number>();
    for (const { actor, cancelled } of this.heap) if (!cancelled && actor !== NO_ACTOR) found.add(actor);
    return [...found].toSorted((left, right) => left - right);
  }

  /** Brings an event that has not been cancelled to the front. */
  private settle(): void {
    while (this.heap[0]?.cancelled === true) this.removeFirst();
    this.nextTime = this.heap[0]?.time ?? Number.POSITIVE_INFINITY;
  }

  private removeFirst(): Entry | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.heap[0] = last;
    this.down(0);
    return first;
  }

  private before(left: number, right: number): boolean {
    const a = this.heap[left] as Entry;
    const b = this.heap[right] as Entry;
    return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
  }

  private swap(left: number, right: number): void {
    const held = this.heap[left] as Entry;
    this.heap[left] = this.heap[right] as Entry;
    this.heap[right] = held;
  }

  private up(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.before(child, parent)) return;
      this.swap(child, parent);
      child = parent;
    }
  }

  private down(from: number): void {
    for (let parent = from; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < this.heap.length && this.before(child, least)) least = child;
      }
      if (least === parent) return;
      this.swap(parent, least);
      parent = least;
    }
  }
}
