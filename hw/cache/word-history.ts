/**
 * Who wrote each word of memory last, and when: times are whatever the writer's caller counts, from 1 upward.
 * And how often each word was missed on. Storage is allocated by page on touch.
 */
const PAGE_WORDS_SHIFT = 10;
const PAGE_WORDS = 1 << PAGE_WORDS_SHIFT;
/** A writer that is no core. */
export const DEVICE = -1;

interface Page {
  readonly time: Uint32Array;
  readonly writer: Int16Array;
  readonly misses: Uint32Array;
}

export class WordHistory {
  private readonly pages: (Page | undefined)[];

  /** @param words of memory */
  constructor(words: number) {
    this.pages = new Array<Page | undefined>(Math.ceil(words / PAGE_WORDS)).fill(undefined);
  }

  /** `count` words from `word` on are written; they lie in one page. */
  write(word: number, count: number, writer: number, time: number): void {
    const page = this.page(word);
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

  /** A word was missed on. */
  miss(word: number): void {
    const { misses } = this.page(word);
    const at = word & (PAGE_WORDS - 1);
    misses[at] = (misses[at] as number) + 1;
  }

  /** Which of `count` words from `word` on was missed on most often. */
  hottest(word: number, count: number): number {
    const page = this.pages[word >>> PAGE_WORDS_SHIFT];
    if (page === undefined) return word;
    const first = word & (PAGE_WORDS - 1);
    let best = first;
    for (let at = first; at < first + count; at++) {
      if ((page.misses[at] as number) > (page.misses[best] as number)) best = at;
    }
    return word - first + best;
  }

  private page(word: number): Page {
    const number = word >>> PAGE_WORDS_SHIFT;
    return (this.pages[number] ??= {
      time: new Uint32Array(PAGE_WORDS),
      writer: new Int16Array(PAGE_WORDS),
      misses: new Uint32Array(PAGE_WORDS),
    });
  }
}
