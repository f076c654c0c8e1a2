/**
 * A span: something that took time, with what happened inside it. The roots are traps (page faults, system
 * calls, interrupts) from their cause to the moment that the program goes on; below them lie the steps of
 * hardware and kernel. A span lies within its parent, and after its elder siblings.
 */
import { COUNTERS, COUNTERS_PER_HART } from '../../hw/counters.ts';

/** What a JSON document says of a span. Counters that stayed zero are left out. */
export interface Span {
  /** A RootKind, or for what lies below: hardware, wait, or the kind of the kernel's step. */
  readonly kind: string;
  readonly name: string;
  readonly hart: number;
  readonly node: number;
  /** Number of the thread that was served, or null for the kernel's own work. */
  readonly thread: number | null;
  readonly object?: string;
  /** Faults: the virtual address, how it was accessed, and how it ended. */
  readonly address?: string;
  readonly access?: 'load' | 'store';
  readonly outcome?: string;
  /** Cycles of the hart's clock. */
  readonly start: number;
  readonly end: number;
  /** What was counted within, children included, while the span's context was executing. */
  readonly counters: Readonly<Record<string, number>>;
  /** The same without the children. */
  readonly self: Readonly<Record<string, number>>;
  readonly children: readonly Span[];
}

/** A span under construction. */
export interface OpenSpan {
  readonly kind: string;
  readonly name: string;
  readonly hart: number;
  readonly thread: number | null;
  readonly object?: string;
  readonly address?: number;
  readonly access?: 'load' | 'store';
  outcome?: string;
  /** Whether it is a trap, which a return ends. */
  readonly trap?: true;
  readonly start: number;
  end: number;
  readonly self: Float64Array;
  readonly children: OpenSpan[];
}

/** A new span without content. */
export const openSpan = (
  span: Omit<OpenSpan, 'self' | 'children' | 'end'> & { readonly end?: number },
): OpenSpan => ({
  ...span,
  end: span.end ?? span.start,
  self: new Float64Array(COUNTERS_PER_HART),
  children: [],
});

/** The counters of a closed span with its children's, by position. */
export function totals(span: OpenSpan): Float64Array {
  const sum = Float64Array.from(span.self);
  for (const child of span.children) {
    for (const [position, amount] of totals(child).entries())
      sum[position] = (sum[position] as number) + amount;
  }
  return sum;
}

/** Counters by name, zeros left out. */
export function named(values: Float64Array): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [position, { name }] of COUNTERS.entries()) {
    const value = values[position] as number;
    if (value !== 0) result[name] = value;
  }
  return result;
}

const hex = (word: number): string => `0x${(word >>> 0).toString(16).padStart(8, '0')}`;

/** A closed span as it is printed. */
export function finishedSpan(span: OpenSpan, nodeOf: (hart: number) => number): Span {
  const { kind, name, hart, thread, object, address, access, outcome, start, end } = span;
  return {
    kind,
    name,
    hart,
    node: nodeOf(hart),
    thread,
    ...(object === undefined ? {} : { object }),
    ...(address === undefined ? {} : { address: hex(address) }),
    ...(access === undefined ? {} : { access }),
    ...(outcome === undefined ? {} : { outcome }),
    start,
    end,
    counters: named(totals(span)),
    self: named(span.self),
    children: span.children.map((child) => finishedSpan(child, nodeOf)),
  };
}

export { hex as hexWord };
