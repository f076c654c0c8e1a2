/**
 * What the members of a team share: a view on memory that is zero at the start. First what belongs to nobody: the
 * words that the program was started with, the clock readings, the gate, the barrier, the program's common memory. Then
 * an area of whole pages for each member, which touches it first, so that it lies near: its part of the barrier, what
 * it brings along for locks, its share of the locks themselves, and its part of the program's memory.
 *
 * What different members write lies in lines of its own.
 */
import { type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { LIMIT } from '../../kernel/abi/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import type { Barrier, BarrierKind } from '../sync/barriers/index.ts';
import { SenseReversingBarrier, senseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import type { Lock, LockKind } from '../sync/locks/index.ts';

/** Of what a team is made: all that says where things lie. */
export interface TeamPlan {
  readonly threads: number;
  readonly lock: LockKind;
  /** How many locks there are. */
  readonly locks: number;
  readonly barrier: BarrierKind;
  /** Bytes of the program's common memory, and of each member's part of it. */
  readonly common: number;
  readonly own: number;
}

const NEXT_INDEX = 0;
const STARTED = LINE;
const ENDED = LINE + 4;
const WORDS = 2 * LINE;
const GATE = 3 * LINE;
const BARRIER = GATE + senseReversingBarrier.size(0);

const lockSize = ({ lock, threads }: TeamPlan): number => roundUp(lock.size(threads), LINE);
const nodeSize = (lock: LockKind): number => roundUp(lock.nodeSize, LINE);
/** A node that a lock keeps is for that lock alone. */
const nodesSize = ({ lock, locks }: TeamPlan): number => nodeSize(lock) * (lock.keepsNodes ? locks : 1);
const barrierOwn = ({ barrier, threads }: TeamPlan): number => barrier.ownSize?.(threads) ?? 0;
const locksOfMember = (plan: TeamPlan): number => Math.ceil(plan.locks / plan.threads) * lockSize(plan);

export class TeamBlock {
  readonly address: number;
  readonly plan: TeamPlan;

  constructor(address: number, plan: TeamPlan) {
    this.address = address;
    this.plan = plan;
  }

  /** Bytes of it all. */
  static size(plan: TeamPlan): number {
    return new TeamBlock(0, plan).area(plan.threads);
  }

  *setWords(words: readonly number[]): Code {
    for (const [index, word] of words.entries()) yield store(this.address + WORDS + 4 * index, word);
  }

  /** The words that the program was started with, which lie at the same place in every team's block. */
  static *words(address: number, count: number): Code<number[]> {
    const words: number[] = [];
    for (let index = 0; index < count; index++) words.push(yield load(address + WORDS + 4 * index));
    return words;
  }

  /** Gives each thread that asks another index, from 0 up. */
  static *takeIndex(address: number): Code<number> {
    return yield fetchAndAdd(address + NEXT_INDEX, 1);
  }

  /** The clock when the members had met to begin, and when they had met at the end. */
  get started(): number {
    return this.address + STARTED;
  }

  get ended(): number {
    return this.address + ENDED;
  }

  /** Where the members wait until each has touched its area. */
  get gate(): SenseReversingBarrier {
    return new SenseReversingBarrier(this.address + GATE, this.plan.threads);
  }

  get barrier(): Barrier {
    const { barrier, threads } = this.plan;
    return barrier.at(this.address + BARRIER, threads, (index) => this.area(index));
  }

  /** Locks lie with the members in turn. */
  lock(which: number): Lock {
    const { lock, threads } = this.plan;
    const place = Math.floor(which / threads) * lockSize(this.plan);
    return lock.at(
      this.area(which % threads) + barrierOwn(this.plan) + nodesSize(this.plan) + place,
      threads,
    );
  }

  /** What a member brings along for a lock. */
  node(index: number, which: number): number {
    const { lock } = this.plan;
    return this.area(index) + barrierOwn(this.plan) + (lock.keepsNodes ? which * nodeSize(lock) : 0);
  }

  /** The program's common memory. */
  get common(): number {
    const { barrier, threads } = this.plan;
    return this.address + BARRIER + roundUp(barrier.size(threads), LINE);
  }

  /** A member's part of the program's memory. */
  own(index: number): number {
    const { plan } = this;
    return this.area(index) + barrierOwn(plan) + nodesSize(plan) + locksOfMember(plan);
  }

  /** All that lies near a member: whole pages. */
  area(index: number): number {
    const { plan } = this;
    const size = barrierOwn(plan) + nodesSize(plan) + locksOfMember(plan) + plan.own;
    const first = roundUp(this.common + plan.common, LIMIT.PAGE);
    return first + index * roundUp(size, LIMIT.PAGE);
  }
}
