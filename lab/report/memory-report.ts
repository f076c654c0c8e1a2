/**
 * What a run did to memory: why accesses missed, where lines came from, what buses, links and memory modules
 * carried, and which lines were missed on most. The machine must have been made with `classifyMisses`.
 */
import { MISS_KINDS, type MissKindName } from '../../hw/cache/miss-kinds.ts';
import type { HotLine, MissClassifier } from '../../hw/cache/miss-classifier.ts';
import type { TrafficRow } from '../../hw/interconnect/traffic.ts';
import type { Machine } from '../../hw/machine.ts';
import { nameAddress } from '../../kernel/index.ts';
import { FILLS, type FillSource } from './fills.ts';

/** Lines that are shown. */
const HOTTEST = 10;

/** The field `report.memory` of `eddy run --json`. */
export interface MemoryReport {
  readonly misses: Readonly<Record<MissKindName | 'total', number>>;
  readonly fills: Readonly<Record<FillSource, number>>;
  readonly traffic: readonly TrafficRow[];
  readonly hotLines: readonly HotLineReport[];
}

export interface HotLineReport {
  /** Physical address of the line, and of the word in it that was missed on most. */
  readonly address: number;
  readonly word: number;
  /** What lies there; without a kernel its address and node. */
  readonly name: string;
  readonly misses: number;
  readonly byKind: Readonly<Record<MissKindName, number>>;
  /** Copies that were lost to writes of others. */
  readonly invalidations: number;
  /** Cores that have had the line in their cache, and those of them that have written it. */
  readonly cores: readonly number[];
  readonly writers: readonly number[];
}

/** Watches a machine from before it runs, since what lies at an address changes. */
export class MemoryReporter {
  private readonly machine: Machine;
  private readonly misses: MissClassifier;
  /** Names of lines by address, as they were when the line's misses last doubled. */
  private readonly names = new Map<number, string>();

  /** @throws TypeError when the machine does not classify misses */
  constructor(machine: Machine) {
    if (machine.misses === undefined) throw new TypeError('the machine does not classify misses');
    this.machine = machine;
    this.misses = machine.misses;
    this.misses.onHot = (word) => {
      const name = nameAddress(machine, word);
      if (name !== undefined) this.names.set(this.lineOf(word), name);
    };
  }

  /** What has been found so far. */
  report(): MemoryReport {
    const { counters } = this.machine;
    const kinds = MISS_KINDS.map(({ name, counter }) => [name, counters.total(counter)] as const);
    return {
      misses: { total: counters.total('l1Misses'), ...record(kinds) },
      fills: record(FILLS.map(({ id, counter }) => [id, counters.total(counter)] as const)),
      traffic: this.machine.traffic(),
      hotLines: this.misses.hottest(HOTTEST).map((line) => this.describe(line)),
    };
  }

  private describe({ word, misses, byKind, invalidations, users }: HotLine): HotLineReport {
    const address = this.lineOf(word);
    return {
      address,
      word,
      name: this.names.get(address) ?? nameAddress(this.machine, word) ?? this.placeOf(word),
      misses,
      byKind: record(MISS_KINDS.map(({ name }, kind) => [name, byKind[kind] ?? 0] as const)),
      invalidations,
      cores: users.map(({ core }) => core),
      writers: users.filter(({ wrote }) => wrote).map(({ core }) => core),
    };
  }

  private placeOf(address: number): string {
    const node = Math.floor(address / this.machine.config.memoryPerNode);
    return `0x${address.toString(16).padStart(8, '0')} in the memory of node ${node}`;
  }

  private lineOf(address: number): number {
    return address - (address % this.machine.config.l1.line);
  }
}

const record = <K extends string>(entries: readonly (readonly [K, number])[]): Record<K, number> =>
  Object.fromEntries(entries) as Record<K, number>;
