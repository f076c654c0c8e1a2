/**
 * A memory system without coherence: private caches keep what they have until it is flushed, invalidated or
 * evicted, however stale it is. Atomic instructions and uncached accesses go to the memory module. Software
 * must see to the rest (RP3; the BBN Butterfly, where shared data was not cached at all).
 */
import type { LastLevel } from '../cache/last-level.ts';
import { Levels } from '../cache/levels.ts';
import type { MissClassifier } from '../cache/miss-classifier.ts';
import type { PrivateCaches } from '../cache/private-caches.ts';
import { COUNTER, type Counters } from '../counters.ts';
import type { Footprint } from '../hart/footprint.ts';
import type { HartState } from '../hart/hart-state.ts';
import type { SpinLot } from '../hart/spin-lot.ts';
import type { Interconnect } from '../interconnect/interconnect.ts';
import type { PhysicalMemory } from '../memory/physical.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { MemorySystem } from './memory-system.ts';
import { STATE } from './protocol.ts';

const MEMORY = -1;

export interface NonCoherentWires {
  readonly harts: HartState;
  readonly caches: PrivateCaches;
  readonly memory: PhysicalMemory;
  readonly interconnect: Interconnect;
  readonly counters: Counters;
  readonly spins: SpinLot;
  readonly lastLevel: LastLevel;
  readonly trace: TraceBus;
  /** Who says of each miss why it happened, if somebody wants to know. */
  readonly misses?: MissClassifier | undefined;
}

export class NonCoherentMemory implements MemorySystem {
  done = 0;
  readonly nonCoherent = true;
  readonly shared = false;
  readonly levels: Levels;
  /** What a step touches, if a search wants to know: a line is read and written back as a whole. */
  footprint: Footprint | undefined = undefined;
  private readonly wires: NonCoherentWires;

  constructor(wires: NonCoherentWires) {
    this.wires = wires;
    this.levels = new Levels(wires.harts, wires.caches, wires.spins, (hart, slot, now) =>
      this.evict(hart, slot, now),
    );
  }

  fetch(hart: number, line: number, now: number): number {
    const { caches } = this.wires;
    const slot = this.fill(hart, line, now, 'read');
    caches.state[slot] = STATE.E;
    return slot;
  }

  own(hart: number, line: number, slot: number, now: number): number {
    const { caches } = this.wires;
    this.done = now;
    const mine = slot >= 0 ? slot : this.fill(hart, line, now, 'write');
    caches.state[mine] = STATE.M;
    return mine;
  }

  // DOC: nobody-is-told
  publish(): void {
    // Nobody is told: that is what this machine is about.
  }

  evict(hart: number, slot: number, now: number): void {
    const { harts, caches, memory, interconnect, lastLevel, counters, trace } = this.wires;
    const line = caches.line[slot] as number;
    const address = line << caches.lineShift;
    if (caches.state[slot] === STATE.M) {
      caches.copyOut(slot, memory.words, line);
      this.footprint?.writeBlock(address, caches.lineWords);
      const core = harts.core[hart] as number;
      const home = memory.homeOf(address);
      lastLevel.install(home, line, now);
      interconnect.writeBack(harts.node[hart] as number, home, now);
      counters.add(harts.firstHartOf(core), COUNTER.writebacks, 1);
      if (trace.on) trace.emit({ kind: 'writeback', cycle: now, core, address, home });
      this.breakReservations(line);
    }
    this.drop(hart, slot);
  }

  // DOC: discard-line
  discard(hart: number, slot: number): void {
    this.drop(hart, slot);
  }

  // DOC: visit-module
  visit(hart: number, address: number, now: number): void {
    this.trip(hart, address, now, 'uncached');
  }

  /** Cached copies stay, stale: the driver must have flushed them. */
  deviceWrites(line: number): void {
    this.wires.misses?.deviceWrites(line);
    this.breakReservations(line);
  }

  deviceReads(): void {
    // Dirty copies are not asked: the driver must have flushed them.
  }

  peek(address: number): number {
    return this.wires.memory.words[address >>> 2] ?? 0;
  }

  /** A line of memory changed: reservations of it are gone, on all harts but perhaps one. */
  breakReservations(line: number, except = -1): void {
    const { harts } = this.wires;
    for (let core = 0; core < harts.cores; core++) harts.loseReservations(core, line, except);
  }

  /** The way to a memory module and back: what it costs, counted and traced. */
  private trip(hart: number, address: number, now: number, what: 'read' | 'write' | 'uncached'): void {
    const { harts, caches, memory, interconnect, lastLevel, counters, trace } = this.wires;
    const node = harts.node[hart] as number;
    const home = memory.homeOf(address);
    const access = lastLevel.access(home, address >>> caches.lineShift, now, hart);
    this.done = interconnect.fetch(node, home, MEMORY, now, access);
    counters.add(hart, COUNTER.queueCycles, interconnect.queued);
    const source = interconnect.isLocal(node, home) ? 'local' : 'remote';
    counters.add(hart, source === 'local' ? COUNTER.localFills : COUNTER.remoteFills, 1);
    if (!trace.on) return;
    const context = harts.contextId(hart);
    trace.emit({
      kind: 'transaction',
      cycle: now,
      end: this.done,
      hart,
      context,
      what,
      address,
      home,
      source,
    });
  }

  private fill(hart: number, line: number, now: number, what: 'read' | 'write'): number {
    const { caches, memory } = this.wires;
    const slot = this.levels.makeRoom(hart, line, now);
    caches.install(slot, line, STATE.E);
    caches.copyIn(slot, memory.words, line);
    this.footprint?.readBlock(line << caches.lineShift, caches.lineWords);
    this.trip(hart, line << caches.lineShift, now, what);
    return slot;
  }

  private drop(hart: number, slot: number): void {
    const { harts, caches, spins } = this.wires;
    caches.drop(slot);
    spins.lineLost(harts.core[hart] as number, slot);
  }
}
