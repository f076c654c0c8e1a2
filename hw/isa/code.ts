/**
 * Programs as generators of instructions.
 *
 * `yield <instruction>` executes one instruction and gives its 32-bit result. `yield* f()` calls a
 * procedure the cheap way to write; each level costs one generator resume on every instruction inside.
 * `yield* call(f())` pushes the procedure on the frame stack that the hart keeps for the context, and
 * costs the same at any depth. `yield* step(STEP.x, object, f())` does that and names the step in traces.
 */
import { type Instruction, theInstruction } from './instruction.ts';
import { OP } from './op.ts';

/** A program that gives a `T` when it ends. Only instructions are yielded, only 32-bit values come back. */
export type Code<T = void> = Generator<Instruction, T, number>;

/** A one-shot iterable that yields the call and gives the callee's result, keeping its type. */
export interface Call<T> {
  [Symbol.iterator](): Iterator<Instruction, T, number>;
}

class PushedCall<T> implements Iterator<Instruction, T, number> {
  private state: 'new' | 'called' = 'new';
  private readonly code: Code<T>;
  private readonly step: number;
  private readonly object: number;
  constructor(code: Code<T>, step: number, object: number) {
    this.code = code;
    this.step = step;
    this.object = object;
  }
  [Symbol.iterator](): Iterator<Instruction, T, number> {
    return this;
  }
  next(result?: unknown): IteratorResult<Instruction, T> {
    if (this.state === 'new') {
      this.state = 'called';
      const instruction = theInstruction;
      instruction.op = OP.call;
      instruction.code = this.code;
      instruction.step = this.step;
      instruction.a = this.object;
      return { done: false, value: instruction };
    }
    // The context hands the callee's result back here; it is a T, not only a number.
    return { done: true, value: result as T };
  }
  /** The callee ended by an exception: it goes on in the caller, who may catch it. */
  throw(error: unknown): never {
    throw error;
  }
}

/** Calls a procedure on the context's own frame stack: the same cost at any depth. */
export const call = <T>(code: Code<T>): Call<T> => new PushedCall(code, 0, 0);

/**
 * Calls a procedure as a named step: traces show it as a span with its cycles and misses.
 * @param id a row of the kernel's step table (never 0)
 * @param object the reference or address of the object whose method this is, or 0
 */
export const step = <T>(id: number, object: number, code: Code<T>): Call<T> =>
  new PushedCall(code, id, object);
