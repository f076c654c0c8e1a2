/** One of the threads of a parallel program, as the program's code sees it. Registers only: each has its own. */
import type { Code } from '../../hw/isa/index.ts';
import type { Barrier } from '../sync/barriers/index.ts';
import type { TeamBlock } from './team-block.ts';

export class Member {
  /** 0 up to the number of threads. */
  readonly index: number;
  readonly threads: number;
  /** The program's own memory, which all members share; zero at the start. */
  readonly memory: number;
  private readonly block: TeamBlock;
  private readonly barrier: Barrier;

  constructor(block: TeamBlock, index: number, threads: number) {
    this.block = block;
    this.index = index;
    this.threads = threads;
    this.memory = block.memory;
    this.barrier = block.barrier;
  }

  /** Waits until all members have called this: with the barrier that the program was started with. */
  *meet(): Code {
    yield* this.barrier.wait(this.index);
  }

  /** Takes one of the program's locks, of the kind that it was started with. A member holds one at a time. */
  *acquire(which = 0): Code {
    yield* this.block.lock(which).acquire(this.block.node(this.index, which));
  }

  *release(which = 0): Code {
    yield* this.block.lock(which).release(this.block.node(this.index, which));
  }

  /** This member's part of so many things in a row: from `begin` up to and without `end`. */
  share(count: number): { readonly begin: number; readonly end: number } {
    const { index, threads } = this;
    return { begin: Math.floor((index * count) / threads), end: Math.floor(((index + 1) * count) / threads) };
  }
}
