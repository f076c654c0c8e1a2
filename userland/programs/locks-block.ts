/**
 * What the threads of `locks` share: a view on memory that is zero at the start. Everything that different
 * threads write lies in a line of its own.
 */
import { type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import { senseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import type { LockKind } from '../sync/locks/index.ts';

/** What a thread must know: all threads read it, and nobody writes it once they run. */
export interface Contest {
  readonly threads: number;
  readonly rounds: number;
  /** Cycles inside the critical section, and between two of them. */
  readonly section: number;
  readonly pause: number;
  /** The word that stands for the kind of lock. */
  readonly lock: number;
}

const THREADS = 0;
const ROUNDS = 4;
const SECTION = 8;
const PAUSE = 12;
const KIND = 16;
const NEXT_INDEX = LINE;
const COUNT = 2 * LINE;
const INSIDE = 3 * LINE;
const INTRUSIONS = 4 * LINE;
const MEETING = 5 * LINE;
const NODES = MEETING + senseReversingBarrier.size(0);
const nodeSize = (kind: LockKind): number => roundUp(kind.nodeSize, LINE);

export class LocksBlock {
  readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  /** Bytes for so many threads. */
  static size(kind: LockKind, threads: number): number {
    return NODES + threads * nodeSize(kind) + kind.size(threads);
  }

  *setContest({ threads, rounds, section, pause, lock }: Contest): Code {
    yield store(this.address + THREADS, threads);
    yield store(this.address + ROUNDS, rounds);
    yield store(this.address + SECTION, section);
    yield store(this.address + PAUSE, pause);
    yield store(this.address + KIND, lock);
  }

  *contest(): Code<Contest> {
    return {
      threads: yield load(this.address + THREADS),
      rounds: yield load(this.address + ROUNDS),
      section: yield load(this.address + SECTION),
      pause: yield load(this.address + PAUSE),
      lock: yield load(this.address + KIND),
    };
  }

  /** Gives each thread that asks another index, from 0 up. */
  *takeIndex(): Code<number> {
    return yield fetchAndAdd(this.address + NEXT_INDEX, 1);
  }

  /** What the lock guards. */
  get count(): number {
    return this.address + COUNT;
  }

  /** How many threads are inside the critical section. */
  get inside(): number {
    return this.address + INSIDE;
  }

  /** How often a thread met another one inside. */
  get intrusions(): number {
    return this.address + INTRUSIONS;
  }

  /** The barrier at which the threads start and end together. */
  get meeting(): number {
    return this.address + MEETING;
  }

  /** What a thread brings along for the lock. */
  node(kind: LockKind, index: number): number {
    return this.address + NODES + index * nodeSize(kind);
  }

  lock(kind: LockKind, threads: number): number {
    return this.address + NODES + threads * nodeSize(kind);
  }
}
