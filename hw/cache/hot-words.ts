/** Which word of a line is missed on most: counted for lines that are missed on more than a few times. */
export class HotWords {
  private readonly lineWords: number;
  private readonly counts = new Map<number, Uint32Array>();

  /** @param lineWords words of a line, a power of two */
  constructor(lineWords: number) {
    this.lineWords = lineWords;
  }

  /** A word was missed on. */
  miss(word: number): void {
    const first = word & -this.lineWords;
    let counts = this.counts.get(first);
    if (counts === undefined) {
      counts = new Uint32Array(this.lineWords);
      this.counts.set(first, counts);
    }
    const at = word - first;
    counts[at] = (counts[at] as number) + 1;
  }

  /** The word of a line that was missed on most; the first one where none was counted. */
  hottest(line: number): number {
    const first = line * this.lineWords;
    const counts = this.counts.get(first);
    return counts === undefined ? first : first + counts.indexOf(Math.max(...counts));
  }
}
