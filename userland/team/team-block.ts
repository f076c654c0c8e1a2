/**
 * What the members of a team share: a view on memory that is zero at the start. The words that the program was
 * started with, the clock readings, a barrier, some locks, what each member brings along for them, and then the
 * program's own memory. What different members write lies in lines of its own.
 */
import { type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { LIMIT } from '../../kernel/abi/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import type { Barrier, BarrierKind } from '../sync/barriers/index.ts';
import type { Lock, LockKind } from '../sync/locks/index.ts';

const NEXT_INDEX = 0;
const STARTED = LINE;
const ENDED = LINE + 4;
const WORDS = 2 * LINE;
const BARRIER = 3 * LINE;

/** Of what a team is made: all that says where things lie. */
export interface TeamPlan {
  readonly threads: number;
  readonly lock: LockKind;
  /** How many locks there are. */
  readonly locks: number;
  readonly barrier: BarrierKind;
}

export class TeamBlock {
  readonly address: number;
  private readonly plan: TeamPlan;

  constructor(address: number, plan: TeamPlan) {
    this.address = address;
    this.plan = plan;
  }

  /** Bytes before the program's own memory, which begins on a page. */
  static size(plan: TeamPlan): number {
    return roundUp(new TeamBlock(0, plan).nodes + plan.threads * nodesOfMember(plan), LIMIT.PAGE);
  }

  *setWords(words: readonly number[]): Code {
    for (const [index, word] of words.entries()) yield store(this.address + WORDS + 4 * index, word);
  }

  /** Gives each thread that asks another index, from 0 up. */
  static *takeIndex(address: number): Code<number> {
    return yield fetchAndAdd(address + NEXT_INDEX, 1);
  }

  /** The words that the program was started with, which lie at the same place in every team's block. */
  static *words(address: number, count: number): Code<number[]> {
    const words: number[] = [];
    for (let index = 0; index < count; index++) words.push(yield load(address + WORDS + 4 * index));
    return words;
  }

  /** The clock when the members had met to begin, and when they had met at the end. */
  get started(): number {
    return this.address + STARTED;
  }

  get ended(): number {
    return this.address + ENDED;
  }

  get barrier(): Barrier {
    const { barrier, threads } = this.plan;
    return barrier.at(this.address + BARRIER, threads);
  }

  lock(which: number): Lock {
    const { lock, threads } = this.plan;
    return lock.at(this.locks + which * lockSize(this.plan), threads);
  }

  /** What a member brings along for a lock. A node that becomes the lock's own is for that lock alone. */
  node(index: number, which: number): number {
    const { lock } = this.plan;
    const own = this.nodes + index * nodesOfMember(this.plan);
    return own + (lock.keepsNodes ? which * nodeSize(lock) : 0);
  }

  /** The program's own memory. */
  get memory(): number {
    return this.address + TeamBlock.size(this.plan);
  }

  private get locks(): number {
    const { barrier, threads } = this.plan;
    return this.address + BARRIER + roundUp(barrier.size(threads), LINE);
  }

  private get nodes(): number {
    return this.locks + this.plan.locks * lockSize(this.plan);
  }
}

const lockSize = ({ lock, threads }: TeamPlan): number => roundUp(lock.size(threads), LINE);
const nodeSize = (lock: LockKind): number => roundUp(lock.nodeSize, LINE);
const nodesOfMember = ({ lock, locks }: TeamPlan): number => nodeSize(lock) * (lock.keepsNodes ? locks : 1);
