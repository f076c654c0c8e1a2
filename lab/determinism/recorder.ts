/** Keeps the events of one slice of a run, instructions included. */
import type { TraceEvent, TraceSink } from '../../hw/trace/event.ts';

export class Recorder implements TraceSink {
  readonly instructions = true;
  private events: TraceEvent[] = [];

  event(event: TraceEvent): void {
    this.events.push(event);
  }

  /** The events since the last call. */
  take(): readonly TraceEvent[] {
    const taken = this.events;
    this.events = [];
    return taken;
  }
}

/** Whether two events are the same in every field. */
export function sameEvent(left: TraceEvent, right: TraceEvent): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) {
    if (!Object.is(left[key as keyof TraceEvent], right[key as keyof TraceEvent])) return false;
  }
  return true;
}
