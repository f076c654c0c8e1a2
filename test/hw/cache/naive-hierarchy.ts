/**
 * Two exclusive levels of cache as one would explain them: each set is a list of lines with the time of their
 * last use. Nothing is shared with the machine: this is what its counts are held to.
 */
export interface NaiveLevel {
  readonly sets: number;
  /** 0 for no such level. */
  readonly ways: number;
}

interface Entry {
  readonly line: number;
  readonly dirty: boolean;
  readonly used: number;
}

export class NaiveHierarchy {
  readonly counts = { l1Hits: 0, l1Misses: 0, l2Hits: 0, localFills: 0, writebacks: 0 };
  private readonly first: Entry[][];
  private readonly second: Entry[][];
  private readonly ways: readonly [number, number];
  private time = 0;

  constructor(first: NaiveLevel, second: NaiveLevel) {
    this.first = Array.from({ length: first.sets }, () => []);
    this.second = Array.from({ length: second.sets }, () => []);
    this.ways = [first.ways, second.ways];
  }

  /** One access to a line. */
  access(line: number, write: boolean): void {
    const used = this.time++;
    const here = takeOut(setOf(this.first, line), line);
    if (here !== undefined) {
      this.counts.l1Hits++;
      setOf(this.first, line).push({ line, dirty: here.dirty || write, used });
      return;
    }
    this.counts.l1Misses++;
    const below = takeOut(setOf(this.second, line), line);
    if (below === undefined) this.counts.localFills++;
    else this.counts.l2Hits++;
    this.putFirst({ line, dirty: (below?.dirty ?? false) || write, used });
  }

  private putFirst(entry: Entry): void {
    const set = setOf(this.first, entry.line);
    const victim = set.length === this.ways[0] ? takeOldest(set) : undefined;
    set.push(entry);
    if (victim === undefined) return;
    if (this.ways[1] === 0) this.leave(victim);
    else this.putSecond(victim);
  }

  private putSecond(entry: Entry): void {
    const set = setOf(this.second, entry.line);
    if (set.length === this.ways[1]) this.leave(takeOldest(set));
    set.push(entry);
  }

  private leave({ dirty }: Entry): void {
    if (dirty) this.counts.writebacks++;
  }
}

const setOf = (level: Entry[][], line: number): Entry[] => level[line % level.length] ?? [];

function takeOut(set: Entry[], line: number): Entry | undefined {
  const index = set.findIndex((entry) => entry.line === line);
  return index < 0 ? undefined : set.splice(index, 1)[0];
}

function takeOldest(set: Entry[]): Entry {
  const oldest = set.reduce((left, right) => (right.used < left.used ? right : left));
  return takeOut(set, oldest.line) ?? oldest;
}
