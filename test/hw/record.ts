/** Records what a machine's trace bus delivers. */
import type { Machine } from '../../hw/machine.ts';
import type { TraceEvent } from '../../hw/trace/event.ts';

export interface Recording {
  /** All events, instructions included, in order. */
  readonly events: TraceEvent[];
  readonly instructions: Extract<TraceEvent, { kind: 'instruction' }>[];
  /** The events of one kind, in order. */
  of<Kind extends TraceEvent['kind']>(kind: Kind): Extract<TraceEvent, { kind: Kind }>[];
}

/** Attaches a sink that keeps everything from now on. */
export function record(machine: Machine): Recording {
  const events: TraceEvent[] = [];
  const instructions: Recording['instructions'] = [];
  machine.trace.attach({
    instructions: true,
    event(event) {
      events.push(event);
      if (event.kind === 'instruction') instructions.push(event);
    },
  });
  return {
    events,
    instructions,
    of: <Kind extends TraceEvent['kind']>(kind: Kind) =>
      events.filter((event): event is Extract<TraceEvent, { kind: Kind }> => event.kind === kind),
  };
}
