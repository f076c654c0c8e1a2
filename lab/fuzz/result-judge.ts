/**
 * Looks on while a program runs, counts its system calls, and judges each result by the ABI's table: an error must
 * be one that the call's row lists, anything else must be what the row says that it gives.
 */
import { errorName, LIMIT, type SyscallRow, SYSCALLS } from '../../kernel/abi/index.ts';
import type { Carried, OnLooker } from '../testing/programs/program-of.ts';
import { formatOperation } from '../testing/programs/text.ts';
import type { Failure } from '../explore/subject.ts';

/** The machine that the results are of. */
export interface Facts {
  readonly harts: number;
  readonly config: { readonly nodes: number };
}

type Sensible = (result: number, words: readonly number[], facts: Facts) => boolean;

// DOC: sensible-results
/** By what a row says that its call gives. What is not here is a number that is not negative. */
const SENSIBLE: Readonly<Record<string, Sensible>> = {
  '0': (result) => result === 0,
  'does not return': () => false,
  'the address': (result) =>
    result % LIMIT.PAGE === 0 && result >= LIMIT.USER_BASE && result < LIMIT.USER_END,
  'the process number': (result) => result >= 1,
  'the thread number': (result) => result >= 1,
  'how many threads were woken': (result, [, count = 0]) => result >= 0 && result <= count,
  'the number of bytes written': (result, [, length = 0]) => result === Math.min(length, LIMIT.CONSOLE),
  'the hart number': (result, _, { harts }) => result >= 0 && result < harts,
  'the node number': (result, _, { config }) => result >= 0 && result < config.nodes,
  '1 or 0': (result) => result === 1 || result === 0,
  'the number of harts': (result, _, { harts }) => result === harts,
};

export class ResultJudge implements OnLooker {
  /** How often each call was made. */
  readonly calls = new Map<string, number>();
  /** The first result that must not be. */
  failure: Failure | undefined;
  private readonly facts: Facts;
  private readonly table: readonly SyscallRow[];

  constructor(facts: Facts, table: readonly SyscallRow[] = SYSCALLS) {
    this.facts = facts;
    this.table = table;
  }

  begins(carried: Carried): void {
    const row = this.rowOf(carried);
    if (row !== undefined) this.calls.set(row.name, (this.calls.get(row.name) ?? 0) + 1);
  }

  ends(carried: Carried, result: number): void {
    const row = this.rowOf(carried);
    if (row === undefined && carried.operation.name !== 'environmentCall') return;
    const words =
      row === undefined || row.name === carried.operation.name ? carried.words : carried.words.slice(1);
    const wrong = result < 0 ? wrongError(row, result) : wrongValue(row, result, words, this.facts);
    if (wrong === undefined) return;
    const { thread, index, operation } = carried;
    this.failure ??= {
      invariant: `result.${row?.name ?? 'unknown'}`,
      message: `thread ${thread}, operation ${index}: ${formatOperation(operation)} gave ${wrong}`,
    };
  }

  /** The row of a system call, however it was made. */
  private rowOf({ operation, words }: Carried): SyscallRow | undefined {
    if (operation.name === 'environmentCall') return this.table.find(({ number }) => number === words[0]);
    return this.table.find(({ name }) => name === operation.name);
  }
}

function wrongError(row: SyscallRow | undefined, result: number): string | undefined {
  const name = errorName(result);
  const documented: readonly string[] = row?.errors ?? ['ENOSYS'];
  if (documented.includes(name)) return undefined;
  return `${name}, which is none of its errors (${documented.join(', ') || 'it has none'})`;
}

function wrongValue(
  row: SyscallRow | undefined,
  result: number,
  words: readonly number[],
  facts: Facts,
): string | undefined {
  if (row === undefined) return `${result}, though there is no such call`;
  const sensible = SENSIBLE[row.gives];
  if (sensible === undefined || sensible(result, words, facts)) return undefined;
  return `${result}, where the table says: ${row.gives}`;
}
