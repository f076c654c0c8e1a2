/** Delivers trace events to the sinks that are attached. */
import type { TraceEvent, TraceSink } from './event.ts';

export class TraceBus {
  /** Whether anybody listens; the machine's parts test this before they build an event. */
  on = false;
  /** Whether anybody wants an event per instruction. */
  instructions = false;
  private sinks: readonly TraceSink[] = [];

  /** Attaches a sink; the result detaches it again. */
  attach(sink: TraceSink): () => void {
    this.set([...this.sinks, sink]);
    return () => this.set(this.sinks.filter((other) => other !== sink));
  }

  emit(event: TraceEvent): void {
    for (const sink of this.sinks) {
      if (event.kind !== 'instruction' || sink.instructions === true) sink.event(event);
    }
  }

  private set(sinks: readonly TraceSink[]): void {
    this.sinks = sinks;
    this.on = sinks.length > 0;
    this.instructions = sinks.some((sink) => sink.instructions === true);
  }
}
