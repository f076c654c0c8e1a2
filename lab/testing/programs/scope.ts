/** What the operations of a thread can refer to: what earlier ones gave, and which threads come later. */
import type { ArgumentKind } from '../../../kernel/abi/index.ts';
import type { Row } from './rows.ts';
import type { Operation } from './user-program.ts';

const GIVES = /^the (\w+)( number)?$/;

/** Which kind of argument a system call's result can be: that of `mmap`, "the address", is an address. */
export const resultKind = (row: Row): string | undefined =>
  row.call === undefined ? undefined : GIVES.exec(row.call.gives)?.[1];

export class Scope {
  /** Numbers of the threads that come after this one. */
  readonly later: readonly number[];
  private readonly byKind = new Map<string, number[]>();
  private readonly lengthsSoFar: number[] = [];
  private count = 0;

  constructor(later: readonly number[]) {
    this.later = later;
  }

  /** Indices of the operations so far whose results are of a kind. */
  results(kind: ArgumentKind): readonly number[] {
    return this.byKind.get(kind) ?? [];
  }

  /** The lengths that operations so far were given, so that what was mapped can be unmapped whole. */
  lengths(): readonly number[] {
    return this.lengthsSoFar;
  }

  /** The thread has one operation more. */
  add(row: Row, operation: Operation): void {
    const index = this.count++;
    const kind = resultKind(row);
    if (kind === undefined) return;
    this.byKind.set(kind, [...(this.byKind.get(kind) ?? []), index]);
    for (const [position, argument] of row.arguments.entries()) {
      const value = operation.arguments[position];
      if (argument.kind === 'length' && typeof value === 'number') this.lengthsSoFar.push(value);
    }
  }
}
