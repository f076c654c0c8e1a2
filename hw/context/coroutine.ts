/**
 * A context whose program is a stack of generators.
 *
 * `call` pushes a frame, a procedure's end pops one and hands its result to the caller. A trap taken in
 * supervisor mode pushes its handler on the same stack, above a mark that remembers the interrupted
 * instruction; sret cuts back to the mark.
 */
import { opName, OP } from '../isa/op.ts';
import { type Instruction, theInstruction } from '../isa/instruction.ts';
import type { Code } from '../isa/code.ts';
import type { Context } from './context.ts';

/** The operations up to this one are carried out while fetching: they never reach the hart. */
const LAST_UNEXECUTED = OP.mark;

/** Sees frames of named steps come and go, and what programs say about themselves. */
export interface StepListener {
  entered(context: number, step: number, object: number): void;
  left(context: number, step: number): void;
  /** The program said something about itself (mark.ts). */
  marked(context: number, kind: number, a: number, b: number): void;
}

/** An interrupted instruction below a supervisor trap handler. */
interface Interrupted {
  readonly depth: number;
  readonly pending: boolean;
  readonly instruction: Instruction;
  readonly result: unknown;
}

export class CoroutineContext implements Context {
  readonly id: number;
  readonly registers = new Int32Array(32);
  pending = false;
  /** What the outermost procedure gave when it ended. */
  endValue = 0;
  ended = false;
  thrown: unknown = undefined;
  /** Whether the exception in `thrown` ended the program. */
  private failed = false;

  private readonly frames: Code<unknown>[] = [];
  /** Step of each frame (0: not a named step), parallel to `frames`. */
  private readonly steps: number[] = [];
  private readonly interrupted: Interrupted[] = [];
  private readonly kept: Instruction = { ...theInstruction };
  private top: Code<unknown> | undefined;
  result: unknown = 0;
  private readonly listener: StepListener;

  constructor(id: number, listener: StepListener) {
    this.id = id;
    this.listener = listener;
  }

  /** Whether no frame is left: the context can take a trap handler. */
  get empty(): boolean {
    return this.frames.length === 0;
  }

  /** Begins a program, or a trap handler on an empty or interrupted context. */
  begin(code: Code<unknown>): void {
    this.ended = false;
    this.failed = false;
    this.push(code, 0);
    this.result = 0;
  }

  // Kept small, so that the compiler can make it part of the loop that executes instructions.
  fetch(): 'instruction' | 'ended' | 'threw' {
    if (this.pending || this.top === undefined) return this.refetch();
    let next: IteratorResult<Instruction, unknown>;
    try {
      next = this.top.next(this.result as number);
    } catch (error) {
      return this.threw(error);
    }
    if (next.done !== true && next.value === theInstruction && theInstruction.op > LAST_UNEXECUTED)
      return 'instruction';
    return this.changeFrames(next);
  }

  private refetch(): 'instruction' | 'ended' | 'threw' {
    if (!this.pending) return this.failed ? 'threw' : 'ended';
    copyInstruction(this.kept, theInstruction);
    return 'instruction';
  }

  /** A frame is gone by an exception: its callers may catch it, but not what a trap handler interrupted. */
  private threw(error: unknown): 'instruction' | 'ended' | 'threw' {
    const floor = this.interrupted[this.interrupted.length - 1]?.depth ?? 0;
    let thrown = error;
    for (;;) {
      this.drop();
      this.top = this.frames.length > floor ? this.frames[this.frames.length - 1] : undefined;
      if (this.top === undefined) {
        this.thrown = thrown;
        this.failed = true;
        return 'threw';
      }
      let next: IteratorResult<Instruction, unknown>;
      try {
        next = this.top.throw(thrown);
      } catch (another) {
        thrown = another;
        continue;
      }
      return this.changeFrames(next);
    }
  }

  /** A frame ended, or called a procedure, or yielded nonsense: goes on until there is an instruction. */
  private changeFrames(first: IteratorResult<Instruction, unknown>): 'instruction' | 'ended' | 'threw' {
    let next = first;
    try {
      for (;;) {
        if (next.done === true) {
          this.pop(next.value);
          if (this.interrupted.at(-1)?.depth === this.frames.length) return this.handlerEnded();
        } else {
          if (next.value !== theInstruction) throw notAnInstruction(next.value);
          if (theInstruction.op > LAST_UNEXECUTED) return 'instruction';
          if (theInstruction.op === OP.mark) this.mark();
          else this.call();
          this.result = 0;
        }
        if (this.top === undefined) return 'ended';
        next = this.top.next(this.result as number);
      }
    } catch (error) {
      return this.threw(error);
    }
  }

  /** A trap handler came to its end, rather than returning with sret: what it interrupted must not get its value. */
  private handlerEnded(): 'threw' {
    this.thrown = new Error('a trap handler ended without supervisorReturn');
    this.failed = true;
    this.top = undefined;
    return 'threw';
  }

  keep(): void {
    if (this.pending) return;
    copyInstruction(theInstruction, this.kept);
    this.pending = true;
  }

  keepRest(): void {
    copyInstruction(theInstruction, this.kept);
    this.pending = true;
  }

  complete(value: number): void {
    this.pending = false;
    this.result = value;
  }

  /** Puts a supervisor trap handler on top of what was executing. */
  interrupt(handler: Code<unknown>): void {
    this.interrupted.push({
      depth: this.frames.length,
      pending: this.pending,
      instruction: { ...this.kept },
      result: this.result,
    });
    this.pending = false;
    this.begin(handler);
  }

  /** Cuts the frames of the innermost trap handler away and restores what it interrupted. */
  leaveHandler(): void {
    const below = this.interrupted.pop();
    const depth = below?.depth ?? 0;
    while (this.frames.length > depth) this.drop();
    this.top = this.frames[depth - 1];
    this.pending = false;
    if (below !== undefined) {
      this.pending = below.pending;
      copyInstruction(below.instruction, this.kept);
      this.result = below.result;
    }
  }

  /** Cuts all frames away: the context can take a trap handler. */
  abandon(): void {
    this.interrupted.length = 0;
    this.leaveHandler();
  }

  /** The operation that is pending, for messages. */
  describePending(): string {
    return this.pending ? opName(this.kept.op) : 'nothing';
  }

  /** The pending instruction, for reports. */
  get pendingInstruction(): Readonly<Instruction> | undefined {
    return this.pending ? this.kept : undefined;
  }

  private call(): void {
    const { code, step, a } = theInstruction;
    this.push(code as Code<unknown>, step);
    if (step !== 0) this.listener.entered(this.id, step, a);
  }

  private mark(): void {
    const { a, b, c } = theInstruction;
    this.listener.marked(this.id, a, b, c);
  }

  private push(code: Code<unknown>, step: number): void {
    this.frames.push(code);
    this.steps.push(step);
    this.top = code;
  }

  private drop(): void {
    this.frames.pop();
    const step = this.steps.pop() as number;
    if (step !== 0) this.listener.left(this.id, step);
  }

  private pop(value: unknown): void {
    this.drop();
    this.top = this.frames[this.frames.length - 1];
    this.result = value;
    if (this.frames.length === 0) {
      this.ended = true;
      this.endValue = typeof value === 'number' ? value | 0 : 0;
    }
  }
}

function copyInstruction(from: Instruction, to: Instruction): void {
  to.op = from.op;
  to.a = from.a;
  to.b = from.b;
  to.c = from.c;
  to.d = from.d;
  to.e = from.e;
  to.f = from.f;
  to.g = from.g;
  to.code = from.code;
}

function notAnInstruction(value: unknown): Error {
  const isCode = typeof value === 'object' && value !== null && Symbol.iterator in value;
  const what = isCode
    ? 'a procedure: a call is written `yield* f()`'
    : `${String(value)}, which is no instruction`;
  return new TypeError(`the program yielded ${what}`);
}
