/**
 * The fields of a machine's configuration, one row each: what they mean and which values they take. Refusals
 * (check-config.ts) and docs/reference/configuration.md are made from these rows; rules between fields are in
 * check-config.ts.
 */
export type Allowed =
  | { readonly kind: 'whole'; readonly least: number; readonly most: number }
  | { readonly kind: 'powerOfTwo'; readonly least: number; readonly most: number }
  /** As powerOfTwo, and 0 for "none". */
  | { readonly kind: 'powerOfTwoOrNone'; readonly least: number; readonly most: number }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'yesNo' };

export interface ConfigField {
  /** The field as `--set` names it. */
  readonly path: string;
  readonly unit: string;
  readonly allowed: Allowed;
  readonly summary: string;
}

/** Most harts of a machine. */
export const MOST_HARTS = 1024;

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

const whole = (path: string, unit: string, least: number, most: number, summary: string): ConfigField => ({
  path,
  unit,
  allowed: { kind: 'whole', least, most },
  summary,
});
const power = (path: string, unit: string, least: number, most: number, summary: string): ConfigField => ({
  path,
  unit,
  allowed: { kind: 'powerOfTwo', least, most },
  summary,
});
const cycles = (path: string, least: number, summary: string): ConfigField =>
  whole(`timing.${path}`, 'cycles', least, 1e6, summary);
const yesNo = (path: string, summary: string): ConfigField => ({
  path,
  unit: '',
  allowed: { kind: 'yesNo' },
  summary,
});

export const CONFIG_FIELDS: readonly ConfigField[] = [
  whole('nodes', 'nodes', 1, MOST_HARTS, 'Nodes: each has cores and a memory module.'),
  whole('coresPerNode', 'cores', 1, MOST_HARTS, 'Cores of a node.'),
  whole(
    'hartsPerCore',
    'harts',
    1,
    8,
    'Hardware threads of a core, which share its caches and its pipeline.',
  ),
  power('memoryPerNode', 'bytes', 16 * KIBIBYTE, 1024 * MEBIBYTE, 'Memory of a node.'),
  {
    path: 'memorySystem',
    unit: '',
    allowed: { kind: 'oneOf', values: ['bus', 'directory', 'switch', 'butterfly', 'cluster'] },
    summary: 'What connects caches and memory.',
  },
  {
    path: 'coherence',
    unit: '',
    allowed: { kind: 'oneOf', values: ['invalidate', 'update', 'none'] },
    summary:
      'What a write does to other copies: destroys them (MESI), sends them the word (Dragon), or nothing.',
  },
  whole(
    'storeBuffer',
    'stores',
    0,
    64,
    'Stores that a hart’s store buffer holds; 0 is sequentially consistent, more is tso.',
  ),
  power('l1.line', 'bytes', 16, 256, 'A cache line.'),
  power('l1.size', 'bytes', 16, 4 * MEBIBYTE, 'The first-level cache of a core.'),
  whole('l1.ways', 'ways', 1, 1 << 18, 'Its associativity.'),
  {
    path: 'l2.size',
    unit: 'bytes',
    allowed: { kind: 'powerOfTwoOrNone', least: 16, most: 64 * MEBIBYTE },
    summary: 'The private second level of a core; 0 for none.',
  },
  whole('l2.ways', 'ways', 0, 1 << 22, 'Its associativity.'),
  {
    path: 'llc.size',
    unit: 'bytes',
    allowed: { kind: 'powerOfTwoOrNone', least: 16, most: 64 * MEBIBYTE },
    summary: 'The last-level cache of a node, at its memory; 0 for none.',
  },
  whole('llc.ways', 'ways', 0, 1 << 22, 'Its associativity.'),
  power('tlb.entries', 'entries', 4, 4096, 'Entries of a hart’s TLB for pages.'),
  whole('tlb.ways', 'ways', 1, 4096, 'Its associativity.'),
  yesNo(
    'tlb.tagged',
    'Whether TLB entries carry address-space numbers; without, a write of satp drops them all.',
  ),
  cycles('l1Hit', 1, 'An access that hits in the first level.'),
  cycles('l2Hit', 0, 'An access that the second level serves.'),
  cycles('llcHit', 0, 'A memory module whose last-level cache holds the line, without transport.'),
  cycles('memory', 0, 'A memory module, without transport.'),
  cycles('memoryOccupancy', 0, 'How long a memory module with its directory is busy with a transaction.'),
  cycles('directory', 0, 'Directory look-up, beside the memory access.'),
  cycles('cacheToCache', 0, 'Reading a line out of another core’s cache.'),
  cycles('hop', 0, 'One hop of the network, or getting on the bus.'),
  cycles('linkOccupancy', 0, 'How long a link is busy with a line; with a bus, the whole transaction.'),
  cycles('device', 0, 'A device register.'),
  cycles('trap', 0, 'A trap’s entry, and sret.'),
  cycles('contextSwitch', 0, 'From one context to another, beside the registers that the kernel moves.'),
  cycles('ipi', 0, 'From sendInterrupt to the pending bit at the other hart.'),
  cycles('message', 0, 'The start-up of a message on a cluster, without hops.'),
  cycles('drain', 0, 'How long a store waits in a store buffer before it begins to drain.'),
  cycles(
    'turn',
    1,
    'For how long a hart computes before another hart of its core gets a turn at the pipeline.',
  ),
  whole('disk.blocks', 'blocks', 8, 1 << 21, 'Blocks of 512 bytes on the disk.'),
  whole('disk.seek', 'cycles', 0, 1e9, 'Seek and rotation, when a request does not follow the last one.'),
  whole('disk.transfer', 'cycles', 1, 1e9, 'Transfer of one block.'),
  whole('seed', '', 0, 2 ** 31 - 1, 'Chooses the interleaving: ties in time and the starting skew.'),
  whole('skew', 'cycles', 1, 1e6, 'Harts begin at a seeded cycle below this.'),
  yesNo('elideSpins', 'Whether a spin on a cached word costs the host nothing; changes no result.'),
  yesNo('hitPath', 'Whether cache hits take a short way through the emulator; changes no result.'),
  yesNo('classifyMisses', 'Whether every first-level miss is classified; costs the host some time.'),
];

/** What a field may be, in words: "a power of two from 16 to 256". */
export function describeAllowed(allowed: Allowed): string {
  switch (allowed.kind) {
    case 'whole':
      return `a whole number from ${allowed.least} to ${allowed.most}`;
    case 'powerOfTwo':
      return `a power of two from ${allowed.least} to ${allowed.most}`;
    case 'powerOfTwoOrNone':
      return `0, or a power of two from ${allowed.least} to ${allowed.most}`;
    case 'oneOf':
      return `one of ${allowed.values.join(', ')}`;
    case 'yesNo':
      return 'true or false';
  }
}

/** Whether a value is one that the field may have. */
export function isAllowed(allowed: Allowed, value: unknown): boolean {
  switch (allowed.kind) {
    case 'whole':
      return isWholeIn(value, allowed.least, allowed.most);
    case 'powerOfTwo':
      return isWholeIn(value, allowed.least, allowed.most) && isPowerOfTwo(value as number);
    case 'powerOfTwoOrNone':
      return value === 0 || (isWholeIn(value, allowed.least, allowed.most) && isPowerOfTwo(value as number));
    case 'oneOf':
      return allowed.values.includes(value as string);
    case 'yesNo':
      return typeof value === 'boolean';
  }
}

export const isPowerOfTwo = (value: number): boolean =>
  Number.isInteger(value) && value > 0 && Number.isInteger(Math.log2(value));

const isWholeIn = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
