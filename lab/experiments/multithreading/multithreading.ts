/** The experiment `multithreading`: what more harts in one core hide, and what they take from each other. */
import { type Code, load, work } from '../../../hw/isa/index.ts';
import { BareMachine, configFor, type Phase } from '../framework/bare-machine.ts';
import type { Cell, Experiment, Row, Settings } from '../framework/experiment.ts';
import { xorshift } from '../framework/random.ts';
import { CLAIMS } from './claims.ts';

const LINE = 64;
const KIBIBYTE = 1024;
/** Words that each hart uses again and again; then come lines that it uses once. */
const OWN = 0x1_0000;
/** Computation between accesses. */
const THINK = 10;

interface Load {
  /** Percent of the accesses that no cache can serve. */
  readonly missing: number;
  /** Bytes that a hart uses again and again. */
  readonly set: number;
  readonly accesses: number;
}

function measure(cell: Cell, settings: Settings): Row {
  const { harts, missing, set } = cell as Readonly<Record<'harts' | 'missing' | 'set', number>>;
  const work: Load = { missing, set: set * KIBIBYTE, accesses: settings.parameters['accesses'] as number };
  const alone = run(1, work, settings);
  const together = harts === 1 ? alone : run(harts, work, settings);
  const each = alone.cycles / work.accesses;
  const busy = alone.slots / work.accesses;
  return {
    cycles: together.cycles,
    speedup: (harts * alone.cycles) / together.cycles,
    // A pipeline can do no more than be busy all the time.
    law: Math.min(harts, each / busy),
    utilisation: together.slots / together.cycles,
    waiting: together.counted('issueWaitCycles') / (harts * together.cycles),
    misses: (100 * together.counted('l1Misses')) / (harts * work.accesses),
  };
}

function run(harts: number, what: Load, settings: Settings): Phase & { readonly slots: number } {
  // Alone in a core of two, a hart is measured with the same counters.
  const hartsPerCore = Math.max(2, harts);
  const bytes = what.set + LINE * what.accesses;
  const memoryPerNode = 2 ** Math.ceil(Math.log2(OWN + hartsPerCore * bytes));
  const choice = { harts: hartsPerCore, nodes: 1, hartsPerCore, set: { memoryPerNode } };
  const bare = new BareMachine(configFor('cc-numa', choice, settings));
  const all = [...Array(harts).keys()];
  bare.run((hart) => warmUp(OWN + hart * bytes, what), all);
  const phase = bare.run((hart) => access(hart, OWN + hart * bytes, what), all);
  return { ...phase, slots: phase.counted('issueSlots') };
}

/** Brings a hart's set into the cache, as far as it goes in. */
function* warmUp(base: number, { set }: Load): Code {
  for (let at = 0; at < set; at += LINE) yield load(base + at);
}

// DOC: hide-latency
/** Reads words of the hart's set, and now and then of a line that nobody has used, and computes in between. */
function* access(hart: number, base: number, { missing, set, accesses }: Load): Code {
  const random = xorshift(1 + hart);
  for (let count = 0; count < accesses; count++) {
    const fresh = random() % 100 < missing;
    yield load(fresh ? base + set + count * LINE : base + ((random() % set) & ~3));
    yield work(THINK);
  }
}

export const multithreading: Experiment = {
  id: 'multithreading',
  summary: 'One core with 1 to 8 harts: misses that are hidden, a pipeline and a cache that are shared.',
  question:
    'How much more does one core get done with several harts, which share its pipeline and first-level cache, by how ' +
    'often they miss?',
  sources: [
    'CS6210 notes, cache affinity and multicore',
    'Fedorova, Small, Nussbaum & Seltzer, SIGOPS EW 2004',
  ],
  factors: {
    harts: {
      summary: 'harts of the core',
      values: [1, 2, 4, 8],
      quick: [1, 4, 8],
      range: { min: 1, max: 8 },
    },
    missing: {
      summary: 'percent of the accesses that go to memory whatever is cached',
      values: [0, 5, 10, 25, 50, 100],
      quick: [0, 5, 50],
      range: { min: 0, max: 100 },
    },
    set: {
      summary: 'KiB that each hart uses again and again',
      values: [1, 8],
      quick: [1, 8],
      range: { min: 1, max: 64 },
    },
  },
  parameters: {
    accesses: { summary: 'accesses of each hart', default: 2000, quick: 500, min: 100, max: 100_000 },
  },
  chooses: ['memorySystem', 'nodes', 'coresPerNode', 'hartsPerCore', 'memoryPerNode', 'l1.line'],
  columns: [
    { key: 'harts', summary: 'harts of the core' },
    { key: 'missing', summary: 'accesses that go to memory', unit: '%' },
    { key: 'set', summary: 'memory that each hart uses again and again', unit: 'KiB' },
    { key: 'cycles', summary: 'until the last hart was done', unit: 'cycles' },
    { key: 'speedup', summary: 'harts × time of one alone / time of all', digits: 2 },
    {
      key: 'law',
      summary: 'the smaller of harts and cycles per access / slots per access, of one alone',
      digits: 2,
    },
    { key: 'utilisation', summary: 'share of the time in which the pipeline is busy', digits: 2 },
    { key: 'waiting', summary: 'share of the harts’ time spent waiting for the pipeline', digits: 2 },
    { key: 'misses', summary: 'first-level misses per hundred accesses', digits: 1 },
  ],
  measure,
  claims: CLAIMS,
  tables: [
    {
      title: 'Work done in the time that one hart alone needs for its own, by harts of the core',
      down: ['set', 'missing'],
      across: { key: 'harts', show: 'speedup' },
    },
    {
      title: 'First-level misses per hundred accesses, by harts of the core',
      down: ['set', 'missing'],
      across: { key: 'harts', show: 'misses' },
    },
  ],
  figures: [
    {
      name: 'speedup',
      title: 'Speed-up by the harts of one core',
      x: { key: 'harts', label: 'harts of the core', scale: 'log2' },
      y: { key: 'speedup', label: 'speed-up', scale: 'log' },
      series: { key: 'missing', label: 'percentage of misses' },
      panelsAcross: 'set',
    },
  ],
};
