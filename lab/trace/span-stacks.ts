/** The open spans of every context, innermost last. */
import type { OpenSpan } from './span.ts';

export class SpanStacks {
  private readonly stacks = new Map<number, OpenSpan[]>();

  /** The innermost open span of a context. */
  top(context: number): OpenSpan | undefined {
    return this.stacks.get(context)?.at(-1);
  }

  /** Opens a span below the innermost one of the context. */
  push(context: number, span: OpenSpan): void {
    const stack = this.stacks.get(context);
    if (stack === undefined) {
      this.stacks.set(context, [span]);
      return;
    }
    stack.at(-1)?.children.push(span);
    stack.push(span);
  }

  /** Closes the innermost span; gives it if it was the outermost one. */
  pop(context: number, cycle: number): OpenSpan | undefined {
    const stack = this.stacks.get(context);
    const span = stack?.pop();
    if (stack === undefined || span === undefined) return undefined;
    span.end = Math.max(cycle, span.start, span.children.at(-1)?.end ?? 0);
    if (stack.length > 0) return undefined;
    this.stacks.delete(context);
    return span;
  }

  /** Contexts with open spans. */
  contexts(): number[] {
    return [...this.stacks.keys()];
  }
}
