/**
 * Keeps the first roots of one kind in full, and sums up all of them: by the path of names that leads to a
 * span, how often it came, and how long it took.
 */
import type { OpenSpan } from './span.ts';

export interface Sum {
  readonly name: string;
  readonly depth: number;
  count: number;
  /** Cycles from start to end. */
  cycles: number;
  /** The same without what lies below. */
  selfCycles: number;
  readonly children: Map<string, Sum>;
}

const newSum = (name: string, depth: number): Sum => ({
  name,
  depth,
  count: 0,
  cycles: 0,
  selfCycles: 0,
  children: new Map(),
});

export class SpanCollector {
  readonly kept: OpenSpan[] = [];
  /** The sums of all roots, below a nameless one. */
  readonly sums: Sum = newSum('', -1);
  private readonly kind: string;
  private readonly limit: number;

  constructor(kind: string, limit: number) {
    this.kind = kind;
    this.limit = limit;
  }

  add(root: OpenSpan): void {
    if (root.kind !== this.kind) return;
    if (this.kept.length < this.limit) this.kept.push(root);
    addTo(this.sums, root);
  }

  /** How many roots there were. */
  get count(): number {
    let count = 0;
    for (const sum of this.sums.children.values()) count += sum.count;
    return count;
  }
}

function addTo(parent: Sum, span: OpenSpan): void {
  let sum = parent.children.get(span.name);
  if (sum === undefined) {
    sum = newSum(span.name, parent.depth + 1);
    parent.children.set(span.name, sum);
  }
  sum.count++;
  sum.cycles += span.end - span.start;
  sum.selfCycles +=
    span.end - span.start - span.children.reduce((total, child) => total + child.end - child.start, 0);
  for (const child of span.children) addTo(sum, child);
}
