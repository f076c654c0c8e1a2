/** The contexts of a machine by number. 0 is never a context; freed numbers are used again, lowest first. */
import { CoroutineContext, type StepListener } from './coroutine.ts';

export class ContextTable {
  private readonly contexts: (CoroutineContext | undefined)[] = [undefined];
  private readonly free: number[] = [];
  private readonly listener: StepListener;

  constructor(listener: StepListener) {
    this.listener = listener;
  }

  create(): CoroutineContext {
    const id = this.free.pop() ?? this.contexts.length;
    const context = new CoroutineContext(id, this.listener);
    this.contexts[id] = context;
    return context;
  }

  at(id: number): CoroutineContext | undefined {
    return this.contexts[id];
  }

  release(id: number): void {
    this.contexts[id] = undefined;
    this.free.push(id);
    this.free.sort((left, right) => right - left);
  }

  /** Numbers of all contexts that exist, in order. */
  live(): number[] {
    return this.contexts.flatMap((context) => (context === undefined ? [] : [context.id]));
  }
}
