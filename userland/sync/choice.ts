/**
 * The kind of lock or barrier that a program is started with: a word, which numbers the listed kinds and after them
 * those of the user's own that were added. Only code is kept here, no state of any run.
 */
import type { Parameter } from '../program.ts';
import { BARRIERS, BLOCKING_BARRIERS, type BarrierKind, MESSAGE_BARRIERS } from './barriers/index.ts';
import { LOCKS, type LockKind } from './locks/index.ts';

/** The kinds of one sort, listed ones first. */
export class Kinds<K extends { readonly id: string }> {
  private readonly listed: readonly K[];
  private readonly own: K[] = [];

  constructor(listed: readonly K[]) {
    this.listed = listed;
  }

  /** The ids that can be chosen by name. */
  get ids(): readonly string[] {
    return this.listed.map(({ id }) => id);
  }

  /** The word for a kind of the user's own. The same kind always has the same word. */
  add(kind: K): number {
    const known = this.own.indexOf(kind);
    return this.listed.length + (known >= 0 ? known : this.own.push(kind) - 1);
  }

  /**
   * The kind that a program's word stands for.
   * @throws RangeError when there is none
   */
  chosen(word: number): K {
    const kind = this.listed[word] ?? this.own[word - this.listed.length];
    if (kind === undefined) throw new RangeError(`there is no kind of number ${word}`);
    return kind;
  }

  /** The declaration of a program's parameter that chooses a kind by name. */
  parameter(standard: K, summary: string): Parameter {
    return {
      summary,
      default: this.listed.indexOf(standard),
      min: 0,
      max: this.listed.length - 1,
      choices: Object.fromEntries(this.listed.map(({ id }, word) => [id, word])),
    };
  }
}

export const lockKinds = new Kinds<LockKind>(LOCKS);
export const barrierKinds = new Kinds<BarrierKind>([...BARRIERS, ...MESSAGE_BARRIERS, ...BLOCKING_BARRIERS]);
