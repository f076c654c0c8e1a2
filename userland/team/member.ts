/** One of the threads of a parallel program, as the program's code sees it. Registers only: each has its own. */
import { type Code, store } from '../../hw/isa/index.ts';
import { LIMIT } from '../../kernel/abi/index.ts';
import type { Barrier } from '../sync/barriers/index.ts';
import type { TeamBlock } from './team-block.ts';
import { TeamMemory } from './team-memory.ts';

export class Member {
  /** 0 up to the number of threads. */
  readonly index: number;
  readonly threads: number;
  /** Where the program's memory lies. */
  readonly memory: TeamMemory;
  private readonly block: TeamBlock;
  private readonly barrier: Barrier;

  constructor(block: TeamBlock, index: number, threads: number) {
    this.block = block;
    this.index = index;
    this.threads = threads;
    this.memory = new TeamMemory(block);
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

  // DOC: team-touch
  /** Waits until every member has been first to write to its area: each page then lies in memory near its member. */
  *settle(): Code {
    const { block, index } = this;
    for (let page = block.area(index); page < block.area(index + 1); page += LIMIT.PAGE) yield store(page, 0);
    yield* block.gate.wait();
  }
}
