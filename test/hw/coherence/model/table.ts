/** A protocol table as the model reads it, and which of its rows it has used. */
export interface Row {
  readonly state: string;
  readonly event: string;
  readonly next: string;
  readonly action: string;
  readonly why: string;
}

const nameOf = (state: string, event: string): string => `${state} × ${event}`;

export class Table {
  /** Names of the rows that were looked up by `answer`. */
  readonly used = new Set<string>();
  /** Whether writes to lines that others hold are an event of their own. */
  readonly updates: boolean;
  private readonly rows: ReadonlyMap<string, Row>;

  constructor(rows: readonly Row[]) {
    this.rows = new Map(rows.map((row) => [nameOf(row.state, row.event), row]));
    this.updates = rows.some(({ event }) => event === 'storeShared');
  }

  /** The row of a state and an event; it counts as reached. */
  answer(state: string, event: string): Row {
    this.used.add(nameOf(state, event));
    return this.row(state, event);
  }

  /** Whether a copy in this state may be written without a word to anybody. */
  isWritable(state: string): boolean {
    return state !== 'I' && this.row(state, 'store').action === 'none';
  }

  /** Whether a copy in this state answers for the line: it goes to memory when it leaves. */
  isDirty(state: string): boolean {
    return this.row(state, 'evict').action === 'writeBack';
  }

  /** Names of the rows that were never reached. */
  unreached(): string[] {
    return [...this.rows.keys()].filter((name) => !this.used.has(name)).toSorted();
  }

  /** Names of the rows that say of themselves that they cannot be. */
  declaredImpossible(): string[] {
    const impossible = [...this.rows.values()].filter(({ why }) => why.startsWith('Cannot be'));
    return impossible.map(({ state, event }) => nameOf(state, event)).toSorted();
  }

  private row(state: string, event: string): Row {
    const row = this.rows.get(nameOf(state, event));
    if (row === undefined) throw new Error(`${nameOf(state, event)} is not answered`);
    return row;
  }
}
