/**
 * Who wrote each word of memory last, and when: times are whatever the writer's caller counts, from 1 upward.
 * Kept for those pages only that are watched, from the moment on from which they are.
 */
const PAGE_WORDS_SHIFT = 10;
const PAGE_WORDS = 1 << PAGE_WORDS_SHIFT;
/** A writer that is no core. */
export const DEVICE = -1;

interface Page {
  readonly time: Uint32Array;
  readonly writer: Int16Array;
}

export class WordHistory {
  private readonly pages: (Page | undefined)[];

  /** @param words of memory */
  constructor(words: number) {
    this.pages = new Array<Page | undefined>(Math.ceil(words / PAGE_WORDS)).fill(undefined);
  }

  /** Keeps the history of the page that a word lies in, from now on. */
  watch(word: number): void {
    this.pages[word >>> PAGE_WORDS_SHIFT] ??= {
      time: new Uint32Array(PAGE_WORDS),
      writer: new Int16Array(PAGE_WORDS),
    };
  }

  /** `count` words from `word` on are written; they lie in one page. */
  write(word: number, count: number, writer: number, time: number): void {
    const page = this.pages[word >>> PAGE_WORDS_SHIFT];
    if (page === undefined) return;
    const first = word & (PAGE_WORDS - 1);
    for (let at = first; at < first + count; at++) {
      page.time[at] = time;
      page.writer[at] = writer;
    }
  }

  /** Whether somebody other than `core` was the last to write one of `count` words, at a time in [from, until). */
  changed(word: number, count: number, core: number, from: number, until: number): boolean {
    const page = this.pages[word >>> PAGE_WORDS_SHIFT];
    if (page === undefined) return false;
    const first = word & (PAGE_WORDS - 1);
    for (let at = first; at < first + count; at++) {
      const time = page.time[at] as number;
      if (time >= from && time < until && page.writer[at] !== core) return true;
    }
    return false;
  }
}
