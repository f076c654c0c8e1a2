/**
 * The slow, clear cache: a list of sets, each a list of objects that remember when they were last used, and
 * everything found by looking at all of them. It shares no code with lab/cache nor hw/cache, which must agree.
 */
export interface NaiveDesign {
  readonly sets: number;
  readonly ways: number;
  readonly line: number;
  readonly writeBack: boolean;
  readonly writeAllocate: boolean;
}

export interface Touch {
  readonly kind: 'read' | 'write' | 'fetch';
  readonly address: number;
  readonly size: number;
}

interface Entry {
  readonly number: number;
  dirty: boolean;
  used: number;
}

interface Store {
  readonly ways: number;
  readonly sets: Entry[][];
}

const storeOf = (sets: number, ways: number): Store => ({
  ways,
  sets: Array.from({ length: sets }, () => []),
});

/** What the cache of a design does with a trace. */
export function naiveCounts(design: NaiveDesign, trace: readonly Touch[]) {
  const cache = storeOf(design.sets, design.ways);
  const associative = storeOf(1, design.sets * design.ways);
  const endless = storeOf(1, Number.POSITIVE_INFINITY);
  const counts = { accesses: 0, hits: 0, misses: 0, cold: 0, capacity: 0, conflict: 0, writebacks: 0 };
  let time = 0;

  /** Uses a line in one of the three; gives whether it was there, and whether a dirty one was thrown out. */
  const use = (store: Store, number: number, write: boolean): { hit: boolean; threwDirty: boolean } => {
    const set = store.sets[((number % store.sets.length) + store.sets.length) % store.sets.length] as Entry[];
    const entry = set.find((candidate) => candidate.number === number);
    if (entry !== undefined) {
      entry.used = time;
      if (write && design.writeBack) entry.dirty = true;
      return { hit: true, threwDirty: false };
    }
    if (write && !design.writeAllocate) return { hit: false, threwDirty: false };
    let threwDirty = false;
    if (set.length === store.ways) {
      const oldest = set.reduce((left, right) => (left.used < right.used ? left : right));
      set.splice(set.indexOf(oldest), 1);
      threwDirty = oldest.dirty;
    }
    set.push({ number, dirty: write && design.writeBack, used: time });
    return { hit: false, threwDirty };
  };

  for (const { kind, address, size } of trace) {
    const lines = new Set(
      Array.from({ length: size }, (_, byte) => Math.floor((address + byte) / design.line)),
    );
    for (const number of lines) {
      time++;
      counts.accesses++;
      const write = kind === 'write';
      const here = use(cache, number, write);
      const inAssociative = use(associative, number, write);
      const inEndless = use(endless, number, write);
      if (here.threwDirty) counts.writebacks++;
      if (here.hit) counts.hits++;
      else {
        counts.misses++;
        if (!inEndless.hit) counts.cold++;
        else if (!inAssociative.hit) counts.capacity++;
        else counts.conflict++;
      }
    }
  }
  const dirtyLines = cache.sets.flat().filter(({ dirty }) => dirty).length;
  return { ...counts, dirtyLines };
}
