/**
 * A state of the whole small machine: what each cache holds of each line, and what memory holds. Of data only
 * this is kept: which of a line's two words are *fresh*, that is, hold what was written to them last. (No
 * protocol looks at values, so nothing is lost: Wolper, *Expressing interesting properties of programs in
 * propositional temporal logic*, POPL 1986.)
 */
export const WORDS = [0, 1] as const;
export type Word = (typeof WORDS)[number];
/** The bit of a word in a mask of fresh words. */
export const bitOf = (word: Word): number => 1 << word;
export const ALL_FRESH = 0b11;

export interface Copy {
  /** A state of the protocol; I when there is no copy. */
  state: string;
  fresh: number;
}

export interface GlobalState {
  /** By cache, then by line. */
  readonly copies: readonly (readonly Copy[])[];
  /** Fresh words of each line in memory. */
  readonly memory: number[];
}

/** How many there are of everything. */
export interface Size {
  readonly caches: number;
  readonly lines: number;
  /** Lines that a cache has room for. */
  readonly slots: number;
}

/** Empty caches over memory that nobody has written. */
export const firstState = ({ caches, lines }: Size): GlobalState => ({
  copies: Array.from({ length: caches }, () =>
    Array.from({ length: lines }, () => ({ state: 'I', fresh: 0 })),
  ),
  memory: new Array<number>(lines).fill(ALL_FRESH),
});

export const copyOf = ({ copies, memory }: GlobalState): GlobalState => ({
  copies: copies.map((lines) => lines.map((copy) => ({ ...copy }))),
  memory: [...memory],
});

/** A text that is the same for equal states and different for others. */
export const keyOf = ({ copies, memory }: GlobalState): string =>
  `${copies.map((lines) => lines.map(({ state, fresh }) => state + fresh).join()).join(' ')} | ${memory.join()}`;
