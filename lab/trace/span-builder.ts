/**
 * Builds the spans of a run from its trace events.
 *
 * A span belongs to a context, not to a hart: a handler that blocks takes its open spans along and goes on
 * with them wherever it is resumed. What a hart counts is charged to the innermost open span of the context
 * that it executes, so that a thread's wait is not charged for what others do meanwhile.
 */
import { COUNTER } from '../../hw/counters.ts';
import { CAUSE, causeName, INTERRUPT_FLAG } from '../../hw/isa/trap.ts';
import type { TraceEvent, TraceSink } from '../../hw/trace/event.ts';
import { syscallName } from '../../kernel/abi/syscalls.ts';
import { Ledger } from './ledger.ts';
import { type OpenSpan, openSpan } from './span.ts';
import type { RootKind } from './span-kinds.ts';
import { SpanStacks } from './span-stacks.ts';

/** What the builder has to know of the machine and its kernel. */
export interface SpanSource {
  readonly harts: number;
  /** Cycles of a trap's entry, and of a return. */
  readonly trapCycles: number;
  /** A live view of a hart's counters. */
  counters(hart: number): Float64Array;
  /** The thread that a context belongs to, or null. */
  threadOf(context: number): number | null;
  /** A context was freed: its number may come again as somebody else's. */
  forget(context: number): void;
  /** A row of the kernel's step table. */
  step(id: number): { readonly name: string; readonly kind: string };
  /** What the object of a step is called. */
  objectName(step: number, object: number): string;
}

type Event<Kind extends TraceEvent['kind']> = Extract<TraceEvent, { kind: Kind }>;

const isPageFault = (cause: number): boolean =>
  cause === CAUSE.loadPageFault || cause === CAUSE.storePageFault;
const PAGE_SHIFT = 12;

export class SpanBuilder implements TraceSink {
  private readonly source: SpanSource;
  private readonly onRoot: (root: OpenSpan) => void;
  private readonly ledger: Ledger;
  private readonly stacks = new SpanStacks();
  /** The last failed walk of a context, whose trap comes next. */
  private readonly walks = new Map<number, OpenSpan>();
  /** Faults that were returned from, whose instruction is to be issued again, by the context that faulted. */
  private readonly retried = new Map<number, OpenSpan>();
  private readonly missAt = new Map<number, number>();

  /** @param onRoot gets each root when it has ended */
  constructor(source: SpanSource, onRoot: (root: OpenSpan) => void) {
    this.source = source;
    this.onRoot = onRoot;
    this.ledger = new Ledger(source.harts, (hart) => source.counters(hart));
  }

  event(event: TraceEvent): void {
    switch (event.kind) {
      case 'tlb-miss':
        return this.tlbMiss(event);
      case 'walk':
        return this.walk(event);
      case 'trap':
        return this.trap(event);
      case 'return':
        return this.returned(event);
      case 'switch':
        return this.switched(event);
      case 'enter':
        return this.enter(event);
      case 'leave':
        return this.leave(event);
      case 'context':
        if (event.what === 'freed') this.freed(event);
        return;
      default:
        return;
    }
  }

  /** Closes what is still open when the run has ended. */
  finish(cycle: number): void {
    for (const context of this.retried.keys()) this.settleRetry(context);
    for (const context of this.stacks.contexts()) this.abandon(context, cycle, 'unfinished');
  }

  private freed({ context, cycle }: Event<'context'>): void {
    this.abandon(context, cycle, 'did not return');
    this.source.forget(context);
  }

  private tlbMiss({ hart, context, cycle, address }: Event<'tlb-miss'>): void {
    const retried = this.retried.get(context);
    if (retried !== undefined && (address ^ (retried.address as number)) >>> PAGE_SHIFT !== 0)
      this.settleRetry(context);
    this.charge(hart, context);
    // The miss was counted before it was announced; it belongs to the walk that follows.
    const above = this.stacks.top(context)?.self;
    if (above !== undefined) above[COUNTER.tlbMisses] = (above[COUNTER.tlbMisses] as number) - 1;
    this.missAt.set(context, cycle);
  }

  private walk(event: Event<'walk'>): void {
    const { hart, context, cycle, end, outcome, levels } = event;
    const retried = this.retried.get(context);
    const name = retried === undefined ? 'page-table walk' : 'retried walk';
    const thread = this.source.threadOf(context);
    const object = levels === 1 ? '1 level' : `${levels} levels`;
    const span = openSpan({ kind: 'hardware', name, object, hart, thread, outcome, start: cycle, end });
    this.ledger.settle(hart, span.self);
    span.self[COUNTER.tlbMisses] = (span.self[COUNTER.tlbMisses] as number) + 1;
    if (outcome === 'page-fault') {
      this.settleRetry(context);
      this.walks.set(context, span);
    } else if (retried !== undefined) {
      retried.children.push(span);
      this.settleRetry(context);
    } else {
      this.stacks.top(context)?.children.push(span);
    }
  }

  private trap(event: Event<'trap'>): void {
    const { hart, context, handler, cycle, cause, user } = event;
    this.settleRetry(context);
    this.charge(hart, context);
    const walk = this.walks.get(context);
    this.walks.delete(context);
    const root = this.rootOf(event, isPageFault(cause) ? walk : undefined);
    root.self[COUNTER.traps] = 1;
    if (isPageFault(cause)) root.self[COUNTER.pageFaults] = 1;
    if (cause === CAUSE.userCall) root.self[COUNTER.systemCalls] = 1;
    if ((cause & INTERRUPT_FLAG) !== 0) root.self[COUNTER.interrupts] = 1;
    const entered = cycle + this.source.trapCycles;
    const entry = openSpan({
      kind: 'hardware',
      name: 'trap',
      hart,
      thread: root.thread,
      start: cycle,
      end: entered,
    });
    root.children.push(entry);
    // What a handler left open in this context cannot be continued: a user trap begins on an empty stack.
    if (user) this.abandon(handler, cycle, 'unfinished');
    this.stacks.push(handler, root);
  }

  private rootOf(
    { hart, context, cycle, cause, value, a }: Event<'trap'>,
    walk: OpenSpan | undefined,
  ): OpenSpan {
    const thread = this.source.threadOf(context);
    const base = { hart, thread, trap: true, start: walk?.start ?? cycle } as const;
    if (isPageFault(cause)) {
      const access = cause === CAUSE.storePageFault ? 'store' : 'load';
      const root = openSpan({
        ...base,
        kind: 'fault' satisfies RootKind,
        name: 'page fault',
        address: value,
        access,
      });
      if (walk !== undefined) root.children.push(this.miss(context, walk), walk);
      return root;
    }
    if (cause === CAUSE.userCall) {
      return openSpan({ ...base, kind: 'syscall' satisfies RootKind, name: syscallName(a) });
    }
    const kind: RootKind = (cause & INTERRUPT_FLAG) === 0 ? 'exception' : 'interrupt';
    return openSpan({ ...base, kind, name: causeName(cause) });
  }

  private miss(context: number, { hart, thread, start }: OpenSpan): OpenSpan {
    const at = this.missAt.get(context) ?? start;
    return openSpan({ kind: 'hardware', name: 'TLB miss', hart, thread, start: at, end: start });
  }

  private returned({ hart, handler, context, cycle, completed, user }: Event<'return'>): void {
    this.charge(hart, handler);
    const start = cycle - this.source.trapCycles;
    for (;;) {
      const span = this.stacks.top(handler);
      if (span === undefined) return;
      const isTrap = span.trap === true;
      if (isTrap) {
        const from = Math.max(start, span.children.at(-1)?.end ?? start);
        span.children.push(
          openSpan({ kind: 'hardware', name: 'return', hart, thread: span.thread, start: from, end: cycle }),
        );
      }
      const root = this.stacks.pop(handler, isTrap ? cycle : start);
      if (root !== undefined) {
        if (user && !completed && root.kind === 'fault') this.retried.set(context, root);
        else this.end(root, 'returned');
        return;
      }
      if (isTrap && !user) return;
    }
  }

  private switched({ hart, from, to, cycle }: Event<'switch'>): void {
    this.charge(hart, from);
    const blocked = this.stacks.top(from);
    if (blocked !== undefined) {
      this.stacks.push(
        from,
        openSpan({ kind: 'wait', name: 'switched away', hart, thread: blocked.thread, start: cycle }),
      );
    }
    if (this.stacks.top(to)?.kind === 'wait') this.close(to, cycle);
  }

  private enter({ hart, context, cycle, step, object }: Event<'enter'>): void {
    this.charge(hart, context);
    const row = this.source.step(step);
    const above = this.stacks.top(context);
    const thread = above === undefined ? this.source.threadOf(context) : above.thread;
    const named = object === 0 ? {} : { object: this.source.objectName(step, object) };
    if (above === undefined) {
      this.stacks.push(
        context,
        openSpan({ kind: 'kernel' satisfies RootKind, name: row.name, hart, thread, ...named, start: cycle }),
      );
    } else if (above.trap === true) {
      // The first step below a trap is all of its handling: the root has said what it is about.
      this.stacks.push(
        context,
        openSpan({ kind: row.kind, name: `${row.name} handler`, hart, thread, start: cycle }),
      );
    } else {
      this.stacks.push(
        context,
        openSpan({ kind: row.kind, name: row.name, hart, thread, ...named, start: cycle }),
      );
    }
  }

  private leave({ hart, context, cycle }: Event<'leave'>): void {
    this.charge(hart, context);
    this.close(context, cycle);
  }

  private close(context: number, cycle: number): void {
    const root = this.stacks.pop(context, cycle);
    if (root !== undefined) this.end(root, 'returned');
  }

  /** Closes all spans of a context that will not go on. */
  private abandon(context: number, cycle: number, outcome: string): void {
    this.settleRetry(context);
    while (this.stacks.top(context) !== undefined) {
      const root = this.stacks.pop(context, cycle);
      if (root !== undefined) this.end(root, outcome);
    }
  }

  /** The faulting instruction was issued again, or something else came first: its fault is over. */
  private settleRetry(context: number): void {
    const root = this.retried.get(context);
    if (root === undefined) return;
    this.retried.delete(context);
    root.end = Math.max(root.end, root.children.at(-1)?.end ?? 0);
    this.end(root, 'mapped');
  }

  private end(root: OpenSpan, outcome: string): void {
    root.outcome ??= outcome;
    this.onRoot(root);
  }

  private charge(hart: number, context: number): void {
    this.ledger.settle(hart, this.stacks.top(context)?.self);
  }
}
