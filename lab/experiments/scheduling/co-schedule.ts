/** Threads with footprints that take turns on the harts of a bare machine, 16 at a time. */
import { type Code, load, work } from '../../../hw/isa/index.ts';
import { BareMachine, configFor } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { xorshift } from '../framework/random.ts';

const KIBIBYTE = 1024;
const LINE = 64;
const CORES = 4;
const HARTS_PER_CORE = 4;
const HARTS = CORES * HARTS_PER_CORE;
const THREADS = 2 * HARTS;
/** Five hungry footprints fit the last level; of 16 threads at random, eight are hungry. */
const SHARE = 3 / 16;
const FRUGAL = KIBIBYTE;
const BASE = 0x1_0000;
/** Computation between accesses. */
const THINK = 10;

interface Thread {
  readonly base: number;
  readonly footprint: number;
  /** Accesses so far. */
  done: number;
}

type Choose = (all: readonly Thread[], room: number) => readonly Thread[];

export function measureChoice(cell: Cell, settings: Settings): Row {
  const { choice, llc } = cell as { readonly choice: string; readonly llc: number };
  const hungry = llc * KIBIBYTE * SHARE;
  const memoryPerNode = 2 ** Math.ceil(Math.log2(BASE + THREADS * hungry));
  const caches = { l1: { size: 8 * KIBIBYTE, ways: 4, line: LINE }, llc: { size: llc * KIBIBYTE, ways: 16 } };
  const shape = { harts: HARTS, nodes: 1, hartsPerCore: HARTS_PER_CORE };
  const bare = new BareMachine(
    configFor('cc-numa', { ...shape, set: { ...caches, memoryPerNode } }, settings),
  );
  const threads: Thread[] = Array.from({ length: THREADS }, (_, index) => ({
    base: BASE + index * hungry,
    footprint: index % 2 === 0 ? hungry : FRUGAL,
    done: 0,
  }));
  const choose = choice === 'random' ? atRandom(settings.seed) : bySum;
  const { quantum = 0, rounds = 0 } = settings.parameters;
  let [cycles, hits, misses, instructions, slots] = [0, 0, 0, 0, 0];
  // In the first rounds caches are cold, and they do not count.
  for (let round = -Math.ceil(rounds / 4); round < rounds; round++) {
    const chosen = new Map(choose(threads, llc * KIBIBYTE).map((thread, index) => [placeOf(index), thread]));
    const phase = bare.run(
      (hart) => run(bare, hart, chosen.get(hart) as Thread, quantum),
      [...chosen.keys()],
    );
    if (round < 0) continue;
    cycles += phase.cycles;
    hits += phase.counted('llcHits');
    misses += phase.counted('llcMisses');
    instructions += phase.counted('instructions');
    slots += phase.counted('issueSlots');
  }
  const progress = threads.filter(({ footprint }) => footprint === hungry).map(({ done }) => done);
  return {
    ipc: instructions / (cycles * CORES),
    misses: (1000 * misses) / instructions,
    missRatio: misses / (hits + misses),
    pipeline: slots / (CORES * cycles),
    hungry: progress.reduce((sum, done) => sum + done, 0) / (cycles / 1e6) / progress.length,
  };
}

/** Neighbours in the list go to different cores. */
const placeOf = (index: number): number => (index % CORES) * HARTS_PER_CORE + Math.floor(index / CORES);

function atRandom(seed: number): Choose {
  const random = xorshift(seed + 1);
  return (all) =>
    all
      .map((thread) => ({ thread, key: random() }))
      .toSorted((a, b) => a.key - b.key)
      .slice(0, HARTS)
      .map(({ thread }) => thread);
}

// DOC: sum-rule
/** Those that have done least first, as long as their footprints fit together: hungry ones, then frugal ones. */
const bySum: Choose = (all, room) => {
  const waiting = all.toSorted((a, b) => b.footprint - a.footprint || a.done - b.done);
  const chosen: Thread[] = [];
  let left = room;
  for (const thread of waiting) {
    if (thread.footprint > left || chosen.length === HARTS) continue;
    chosen.push(thread);
    left -= thread.footprint;
  }
  return chosen;
};

/** Goes over the footprint, line by line, from where the thread was, for a quantum. */
function* run(bare: BareMachine, hart: number, thread: Thread, quantum: number): Code {
  const lines = thread.footprint / LINE;
  const end = bare.machine.clock(hart) + quantum;
  while (bare.machine.clock(hart) < end) {
    yield load(thread.base + (thread.done % lines) * LINE);
    yield work(THINK);
    thread.done++;
  }
}
