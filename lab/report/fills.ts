/** Where the lines of first-level misses came from, and what else went over the interconnect. */
import type { CounterName } from '../../hw/counters.ts';

export interface FillRow {
  readonly id: string;
  readonly counter: CounterName;
  readonly text: string;
}

export const FILLS = [
  { id: 'l2', counter: 'l2Hits', text: 'the core’s second level' },
  { id: 'local', counter: 'localFills', text: 'memory of the own node' },
  { id: 'remote', counter: 'remoteFills', text: 'memory of another node' },
  { id: 'cache', counter: 'cacheFills', text: 'another core’s cache' },
  { id: 'lastLevel', counter: 'llcHits', text: '… of memory: from its last-level cache' },
  { id: 'uncached', counter: 'uncached', text: '… of memory: words, past the caches' },
  { id: 'upgrades', counter: 'upgrades', text: 'none: writes that took over a shared line' },
  { id: 'updates', counter: 'updates', text: 'none: words sent to other copies' },
  { id: 'writebacks', counter: 'writebacks', text: 'none: dirty lines that went home' },
] as const satisfies readonly FillRow[];

export type FillSource = (typeof FILLS)[number]['id'];
