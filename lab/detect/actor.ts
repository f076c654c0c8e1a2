/**
 * Whoever executes instructions, as a detector sees it: a hart of a machine without a kernel; under the kernel a
 * thread in its program, or a context of the kernel.
 */
export class Actor {
  /** Numbered from 0 in the order of appearance. */
  readonly index: number;
  /** Which memory its addresses lie in: that of a process, by its number; 0 for physical addresses. */
  readonly space: number;
  /** Whether it executes a program under the kernel. */
  readonly user: boolean;
  /** The thread's number in its process; 0 without one. */
  readonly thread: number;
  /** The hart on which it was seen last. */
  hart: number;
  /** The context that it executes. */
  context: number;
  private readonly describe: (actor: Actor) => string;

  constructor(
    index: number,
    where: {
      readonly space: number;
      readonly user: boolean;
      readonly thread: number;
      readonly hart: number;
      readonly context: number;
    },
    describe: (actor: Actor) => string,
  ) {
    this.index = index;
    this.space = where.space;
    this.user = where.user;
    this.thread = where.thread;
    this.hart = where.hart;
    this.context = where.context;
    this.describe = describe;
  }

  /** `hart 2`, `process 1 thread 3`, `the kernel for process 1 thread 3`. */
  get name(): string {
    return this.describe(this);
  }
}
