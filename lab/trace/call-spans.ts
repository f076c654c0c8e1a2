/**
 * Calls between domains as spans: from the client's stub, which marks where it begins and ends, down to the traps that
 * the thread takes meanwhile, whichever domain it is in, and the time in user mode between them.
 *
 * Stands before a span builder, whose roots it gets and passes on. A call belongs to the kernel context that serves the
 * thread's traps: with LRPC that stays the same in the server.
 */
import { MARK } from '../../hw/isa/mark.ts';
import type { TraceEvent, TraceSink } from '../../hw/trace/event.ts';
import { type OpenSpan, openSpan } from './span.ts';
import type { RootKind } from './span-kinds.ts';

export class CallSpans implements TraceSink {
  private readonly builder: TraceSink;
  private readonly onRoot: (root: OpenSpan) => void;
  /** Kernel context that served a user context's last trap. */
  private readonly handlers = new Map<number, number>();
  /** Open calls of a kernel context, the outermost first. */
  private readonly open = new Map<number, OpenSpan[]>();
  private readonly ended: OpenSpan[] = [];

  /** @param make makes the builder, which is to hand its roots to what it is given */
  constructor(make: (onRoot: (root: OpenSpan) => void) => TraceSink, onRoot: (root: OpenSpan) => void) {
    this.onRoot = onRoot;
    this.builder = make((root) => {
      this.ended.push(root);
      onRoot(root);
    });
  }

  event(event: TraceEvent): void {
    this.builder.event(event);
    if (event.kind === 'trap' && event.user) this.handlers.set(event.context, event.handler);
    const roots = this.ended.splice(0);
    if (roots.length > 0 && 'context' in event) {
      const handler = event.kind === 'return' ? event.handler : this.handlers.get(event.context);
      this.open
        .get(handler ?? 0)
        ?.at(-1)
        ?.children.push(...roots);
    }
    if (event.kind !== 'mark') return;
    if (event.mark === MARK.callBegun) this.begin(event);
    else if (event.mark === MARK.callEnded) this.finish(event);
  }

  private begin({ hart, context, cycle }: TraceEvent & { kind: 'mark' }): void {
    const handler = this.handlers.get(context);
    // Who has never trapped has bound to nobody.
    if (handler === undefined) return;
    const calls = this.open.get(handler) ?? [];
    const thread = calls.at(-1)?.thread ?? null;
    calls.push(openSpan({ kind: 'call' satisfies RootKind, name: 'call', hart, thread, start: cycle }));
    this.open.set(handler, calls);
  }

  private finish({ context, cycle }: TraceEvent & { kind: 'mark' }): void {
    const calls = this.open.get(this.handlers.get(context) ?? 0);
    const call = calls?.pop();
    if (calls === undefined || call === undefined) return;
    call.end = cycle;
    const children = call.children.splice(0);
    call.children.push(...withGaps(call, children));
    const whole = openSpan({ ...call, thread: children[0]?.thread ?? call.thread });
    whole.children.push(...call.children);
    whole.outcome = 'returned';
    const around = calls.at(-1);
    if (around === undefined) this.onRoot(whole);
    else around.children.push(whole);
  }
}

/** Puts the time in user mode between what happened; after a call by LRPC it is the server's, until that returns. */
function withGaps(call: OpenSpan, children: readonly OpenSpan[]): OpenSpan[] {
  const all: OpenSpan[] = [];
  const { hart, thread } = call;
  let at = call.start;
  let inServer = false;
  const user = (end: number): void => {
    const name = inServer ? 'server' : 'client stub';
    if (end > at) all.push(openSpan({ kind: 'user', name, hart, thread, start: at, end }));
  };
  for (const child of children) {
    user(child.start);
    all.push(child);
    if (child.name === 'lrpcCall') inServer = true;
    if (child.name === 'lrpcReturn') inServer = false;
    at = child.end;
  }
  user(call.end);
  return all;
}
