/**
 * Hardware counters, one row each; every hart has all of them. Kept in one typed array for the machine,
 * hart by hart, so that counting is one addition.
 */
export interface CounterRow {
  readonly name: string;
  readonly unit: 'events' | 'cycles';
  readonly summary: string;
}

export const COUNTERS = [
  {
    name: 'instructions',
    unit: 'events',
    summary: 'Instructions completed; a spin counts once, a trapped instruction when it completes.',
  },
  { name: 'userInstructions', unit: 'events', summary: 'Instructions completed in user mode.' },
  { name: 'userCycles', unit: 'cycles', summary: 'Cycles in user mode.' },
  { name: 'supervisorCycles', unit: 'cycles', summary: 'Cycles in supervisor mode, idle ones included.' },
  { name: 'idleCycles', unit: 'cycles', summary: 'Cycles halted in wfi.' },
  { name: 'spinCycles', unit: 'cycles', summary: 'Cycles spent in failed polls of a spin.' },
  { name: 'spinPolls', unit: 'events', summary: 'Failed polls of spins.' },
  {
    name: 'issueWaitCycles',
    unit: 'cycles',
    summary: 'Cycles that this hart waited because another hart of its core had the pipeline.',
  },
  {
    name: 'issueSlots',
    unit: 'cycles',
    summary: 'Cycles for which this hart had its core’s pipeline (with more than one hart per core only).',
  },
  {
    name: 'stallCycles',
    unit: 'cycles',
    summary: 'Cycles that memory accesses took beyond a first-level hit.',
  },
  {
    name: 'l1Hits',
    unit: 'events',
    summary: 'Accesses that the first-level cache served at once, failed polls and page walks included.',
  },
  { name: 'l1Misses', unit: 'events', summary: 'Accesses whose line the first-level cache did not hold.' },
  {
    name: 'coldMisses',
    unit: 'events',
    summary:
      'First-level misses on lines that the core had never held (all kinds: with `classifyMisses` only).',
  },
  {
    name: 'capacityMisses',
    unit: 'events',
    summary: 'First-level misses that a fully associative cache of this size would have had, too.',
  },
  {
    name: 'conflictMisses',
    unit: 'events',
    summary: 'First-level misses that a fully associative cache of this size would have spared.',
  },
  {
    name: 'trueSharingMisses',
    unit: 'events',
    summary:
      'First-level misses on lines lost to a write of others, of which a word that was written is used.',
  },
  {
    name: 'falseSharingMisses',
    unit: 'events',
    summary: 'First-level misses on lines lost to a write of others, of which other words are used.',
  },
  { name: 'l2Hits', unit: 'events', summary: 'First-level misses that the core’s second level served.' },
  { name: 'llcHits', unit: 'events', summary: 'Lines of this hart that a last-level cache supplied.' },
  { name: 'llcMisses', unit: 'events', summary: 'Lines of this hart that a last-level cache did not hold.' },
  {
    name: 'upgrades',
    unit: 'events',
    summary: 'Writes that hit a shared line and had to make it exclusive.',
  },
  { name: 'localFills', unit: 'events', summary: 'Lines filled from the memory of the hart’s own node.' },
  { name: 'remoteFills', unit: 'events', summary: 'Lines filled from the memory of another node.' },
  { name: 'cacheFills', unit: 'events', summary: 'Lines filled from another core’s cache.' },
  {
    name: 'invalidationsSent',
    unit: 'events',
    summary: 'Copies in other caches that this hart’s writes destroyed.',
  },
  {
    name: 'invalidationsReceived',
    unit: 'events',
    summary: 'Lines of this hart’s core that other writers destroyed (counted at the core’s first hart).',
  },
  {
    name: 'uncached',
    unit: 'events',
    summary: 'Reads and writes that went to the memory module past the caches.',
  },
  {
    name: 'updates',
    unit: 'events',
    summary: 'Words that this hart’s writes sent to copies in other caches.',
  },
  {
    name: 'updatesReceived',
    unit: 'events',
    summary: 'Words that came into lines of this hart’s core (counted at the core’s first hart).',
  },
  {
    name: 'writebacks',
    unit: 'events',
    summary: 'Dirty lines that went home from this hart’s core (counted at the core’s first hart).',
  },
  {
    name: 'queueCycles',
    unit: 'cycles',
    summary: 'Cycles that this hart’s transactions waited for a busy bus, link or memory module.',
  },
  { name: 'tlbMisses', unit: 'events', summary: 'Translations that the TLB did not hold.' },
  { name: 'walkCycles', unit: 'cycles', summary: 'Cycles that the hardware page-table walks took.' },
  { name: 'pageFaults', unit: 'events', summary: 'Page-fault traps.' },
  { name: 'systemCalls', unit: 'events', summary: 'Environment calls from user mode.' },
  { name: 'interrupts', unit: 'events', summary: 'Interrupts taken as traps.' },
  { name: 'traps', unit: 'events', summary: 'Traps of all causes.' },
  { name: 'contextSwitches', unit: 'events', summary: 'switchContext instructions.' },
  { name: 'interruptsSent', unit: 'events', summary: 'Inter-processor interrupts sent.' },
  { name: 'deviceAccesses', unit: 'events', summary: 'Reads and writes of device registers.' },
  {
    name: 'atomics',
    unit: 'events',
    summary:
      'Read-modify-writes; each attempt of one that is made until it succeeds, and each store-conditional.',
  },
  { name: 'messages', unit: 'events', summary: 'Messages sent to other nodes of a cluster.' },
] as const satisfies readonly CounterRow[];

export type CounterName = (typeof COUNTERS)[number]['name'];

/** Counter positions by name. */
export const COUNTER = Object.fromEntries(COUNTERS.map((row, index) => [row.name, index])) as Readonly<
  Record<CounterName, number>
>;

/** How many counters a hart has: hart h's counter c lies at h * COUNTERS_PER_HART + c. */
export const COUNTERS_PER_HART = COUNTERS.length;

/** The counters of a machine. */
export class Counters {
  /** All counters, hart by hart. For the machine's own parts; others read through `get` and `total`. */
  readonly values: Float64Array;
  private readonly harts: number;

  constructor(harts: number) {
    this.harts = harts;
    this.values = new Float64Array(harts * COUNTERS_PER_HART);
  }

  add(hart: number, counter: number, amount: number): void {
    const index = hart * COUNTERS_PER_HART + counter;
    this.values[index] = (this.values[index] as number) + amount;
  }

  /** The value of a hart's counter. */
  get(hart: number, name: CounterName): number {
    return this.values[hart * COUNTERS_PER_HART + COUNTER[name]] as number;
  }

  /** Corrects a hart's counter. */
  set(hart: number, name: CounterName, value: number): void {
    this.values[hart * COUNTERS_PER_HART + COUNTER[name]] = value;
  }

  /** The sum of a counter over all harts. */
  total(name: CounterName): number {
    let sum = 0;
    for (let hart = 0; hart < this.harts; hart++) sum += this.get(hart, name);
    return sum;
  }

  /** A live view of one hart's counters, in the order of COUNTERS. */
  raw(hart: number): Float64Array {
    return this.values.subarray(hart * COUNTERS_PER_HART, (hart + 1) * COUNTERS_PER_HART);
  }
}
