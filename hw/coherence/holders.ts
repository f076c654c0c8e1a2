/**
 * Which caches hold a line: the directory's sharer sets (and, on a bus, what a snoop would find by asking
 * every cache). Storage is allocated by page on touch. A set is up to four core numbers; a fifth sharer
 * turns it into a bit vector (a limited-pointer directory: Agarwal et al., ISCA 1988, Dir_i).
 */
const POINTERS = 4;
const STRIDE = POINTERS + 1;
const CHUNK_SHIFT = 6;
const LINES_PER_CHUNK = 1 << CHUNK_SHIFT;

export class Holders {
  /** The cores that `find` found, in its first `count` places. */
  readonly found: Int32Array;
  private readonly chunks: (Int16Array | undefined)[];
  /** Bit vectors of lines with more than POINTERS holders; their count stands negative in the chunk. */
  private readonly vectors = new Map<number, Int32Array>();
  private readonly vectorWords: number;

  constructor(cores: number, lines: number) {
    this.found = new Int32Array(cores);
    this.vectorWords = (cores + 31) >> 5;
    this.chunks = new Array<Int16Array | undefined>(Math.ceil(lines / LINES_PER_CHUNK)).fill(undefined);
  }

  /** Puts the holders of a line into `found`; gives how many there are. */
  find(line: number): number {
    const chunk = this.chunks[line >>> CHUNK_SHIFT];
    if (chunk === undefined) return 0;
    const at = (line & (LINES_PER_CHUNK - 1)) * STRIDE;
    const count = chunk[at] as number;
    if (count < 0) return this.findInVector(this.vectors.get(line) as Int32Array);
    for (let index = 0; index < count; index++) this.found[index] = chunk[at + 1 + index] as number;
    return count;
  }

  add(line: number, core: number): void {
    const number = line >>> CHUNK_SHIFT;
    let chunk = this.chunks[number];
    if (chunk === undefined) {
      chunk = new Int16Array(LINES_PER_CHUNK * STRIDE);
      this.chunks[number] = chunk;
    }
    const at = (line & (LINES_PER_CHUNK - 1)) * STRIDE;
    const count = chunk[at] as number;
    if (count >= 0 && count < POINTERS) {
      chunk[at + 1 + count] = core;
      chunk[at] = count + 1;
      return;
    }
    let vector = this.vectors.get(line);
    if (vector === undefined) {
      vector = new Int32Array(this.vectorWords);
      this.vectors.set(line, vector);
      for (let index = 0; index < POINTERS; index++) setBit(vector, chunk[at + 1 + index] as number);
      chunk[at] = -POINTERS;
    }
    setBit(vector, core);
    chunk[at] = (chunk[at] as number) - 1;
  }

  remove(line: number, core: number): void {
    const chunk = this.chunks[line >>> CHUNK_SHIFT];
    if (chunk === undefined) return;
    const at = (line & (LINES_PER_CHUNK - 1)) * STRIDE;
    const count = chunk[at] as number;
    if (count < 0) {
      const vector = this.vectors.get(line) as Int32Array;
      vector[core >> 5] = (vector[core >> 5] as number) & ~(1 << (core & 31));
      chunk[at] = count + 1;
      if (count === -1) this.vectors.delete(line);
      return;
    }
    for (let index = 0; index < count; index++) {
      if (chunk[at + 1 + index] === core) {
        chunk[at + 1 + index] = chunk[at + count] as number;
        chunk[at] = count - 1;
        return;
      }
    }
  }

  /** Forgets all holders of a line. */
  clear(line: number): void {
    const chunk = this.chunks[line >>> CHUNK_SHIFT];
    if (chunk === undefined) return;
    const at = (line & (LINES_PER_CHUNK - 1)) * STRIDE;
    if ((chunk[at] as number) < 0) this.vectors.delete(line);
    chunk[at] = 0;
  }

  private findInVector(vector: Int32Array): number {
    let count = 0;
    for (let word = 0; word < this.vectorWords; word++) {
      for (let bits = vector[word] as number; bits !== 0; bits &= bits - 1) {
        this.found[count++] = (word << 5) + (31 - Math.clz32(bits & -bits));
      }
    }
    return count;
  }
}

function setBit(vector: Int32Array, core: number): void {
  vector[core >> 5] = (vector[core >> 5] as number) | (1 << (core & 31));
}
