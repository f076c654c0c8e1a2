/** The last writes of each word, and who has read what each of them left. */
import { OP } from '../../../hw/isa/op.ts';
import type { Access } from '../access.ts';
import type { Actor } from '../actor.ts';

export interface Write {
  /** Nobody for what was there before anybody wrote. */
  readonly who: Actor | undefined;
  readonly cycle: number;
  /** What the word then held; undefined if that is not known. */
  readonly value: number | undefined;
  /** Whether it was by one instruction that also read. */
  readonly modifies: boolean;
  /** The first to the last that have read it before the next write, and when. */
  readonly readBy: Map<Actor, number>;
}

const KEPT = 4;

export class WordHistory {
  /** The oldest first; never empty. */
  readonly writes: Write[];

  constructor(value: number | undefined) {
    this.writes = [{ who: undefined, cycle: 0, value, modifies: false, readBy: new Map() }];
  }

  get last(): Write {
    return this.writes.at(-1) as Write;
  }

  note(access: Access): void {
    const { who, cycle, reads, again } = access;
    if (again) return;
    if (reads) this.last.readBy.set(who, cycle);
    const value = access.writes ? written(access, this.last.value) : UNCHANGED;
    if (value === UNCHANGED) return;
    this.writes.push({ who, cycle, value, modifies: reads, readBy: new Map() });
    if (this.writes.length > KEPT) this.writes.shift();
  }
}

const UNCHANGED = Symbol('unchanged');

/** What a write leaves in a word that held `before`. */
function written({ op, b, c }: Access, before: number | undefined): number | undefined | typeof UNCHANGED {
  switch (op) {
    case OP.store:
    case OP.fetchAndStore:
      return b;
    case OP.testAndSet:
      return 1;
    case OP.awaitTestAndSet:
      return before === 1 ? UNCHANGED : 1;
    case OP.fetchAndAdd:
      return before === undefined ? undefined : (before + b) | 0;
    case OP.compareAndSwap:
    case OP.awaitCompareAndSwap:
      if (before === undefined) return undefined;
      return before === b ? c : UNCHANGED;
    case OP.zeroLine:
      return 0;
    default:
      return undefined;
  }
}
