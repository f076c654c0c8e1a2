/** The words that a race detector knows, by memory and page: what a page held is dropped at once with it. */
import { type Event, Variable } from './variable.ts';

/** Two accesses that nothing orders. */
export interface Race {
  readonly space: number;
  readonly address: number;
  readonly first: Event;
  readonly second: Event;
}

export class Word {
  /** Whether it is a synchronization word. */
  synchronizes = false;
  /** The first race on it. */
  race: Race | undefined;
  private whole: Variable | undefined = new Variable();
  private bytes: readonly Variable[] = [];

  /** The variables that an access touches: once somebody has used a part of the word, that is its bytes. */
  variables(offset: number, bytes: number): readonly Variable[] {
    const { whole } = this;
    if (whole !== undefined) {
      if (bytes === 4) return [whole];
      this.bytes = [whole, whole.copy(), whole.copy(), whole.copy()];
      this.whole = undefined;
    }
    return this.bytes.slice(offset, offset + bytes);
  }
}

const WORDS_PER_PAGE = 1024;
const PAGE_SHIFT = 12;
type Page = (Word | undefined)[];

export class Words {
  private readonly spaces = new Map<number, Map<number, Page>>();

  at(space: number, address: number): Word {
    let pages = this.spaces.get(space);
    if (pages === undefined) this.spaces.set(space, (pages = new Map<number, Page>()));
    const number = address >>> PAGE_SHIFT;
    let page = pages.get(number);
    if (page === undefined) pages.set(number, (page = new Array<Word | undefined>(WORDS_PER_PAGE)));
    const index = (address >>> 2) & (WORDS_PER_PAGE - 1);
    return (page[index] ??= new Word());
  }

  /** Forgets all words of the pages of a range. */
  drop(space: number, from: number, to: number): void {
    const pages = this.spaces.get(space);
    if (pages === undefined) return;
    for (let page = from >>> PAGE_SHIFT; page <= (to - 1) >>> PAGE_SHIFT; page++) pages.delete(page);
  }

  dropSpace(space: number): void {
    this.spaces.delete(space);
  }
}
