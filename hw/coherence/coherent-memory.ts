/**
 * The coherent memory system: private caches kept in step by a protocol table over an interconnect.
 *
 * A transaction takes effect whole at the cycle of its issue: states and data change at once, in the global
 * order of the sequencer; the interconnect says only when it is complete, and the hart waits until then.
 * So the machine is sequentially consistent and transient states do not exist (see docs/adr).
 */
import type { PrivateCaches } from '../cache/private-caches.ts';
import { COUNTER, type Counters } from '../counters.ts';
import type { HartState } from '../hart/hart-state.ts';
import type { SpinLot } from '../hart/spin-lot.ts';
import type { Interconnect } from '../interconnect/interconnect.ts';
import type { PhysicalMemory } from '../memory/physical.ts';
import type { TraceBus } from '../trace/bus.ts';
import { Holders } from './holders.ts';
import { ACTION, EVENT, type Protocol, STATE } from './protocol.ts';

const NOBODY = -1;

/** The wires of the memory system. */
export interface MemoryWires {
  readonly harts: HartState;
  readonly caches: PrivateCaches;
  readonly memory: PhysicalMemory;
  readonly interconnect: Interconnect;
  readonly protocol: Protocol;
  readonly counters: Counters;
  readonly spins: SpinLot;
  readonly trace: TraceBus;
}

export class CoherentMemory {
  /** The cycle at which the last transaction was complete. */
  done = 0;
  readonly holders: Holders;
  private readonly wires: MemoryWires;
  /** Nodes of the holders that a write must invalidate. */
  private readonly told: Int32Array;

  constructor(wires: MemoryWires) {
    this.wires = wires;
    const cores = wires.harts.cores;
    this.holders = new Holders(cores, wires.memory.size >>> wires.caches.lineShift);
    this.told = new Int32Array(cores);
  }

  // DOC: fetch-line
  /** Brings a line that the hart's core does not hold into its cache, to read; gives the slot. */
  fetch(hart: number, line: number, now: number): number {
    const { harts, caches, memory, interconnect, protocol, counters } = this.wires;
    const core = harts.core[hart] as number;
    const slot = this.makeRoom(hart, core, line, now);
    const count = this.holders.find(line);
    let supplier = NOBODY;
    for (let index = 0; index < count; index++) {
      const other = this.holders.found[index] as number;
      const otherSlot = caches.find(other, line);
      const state = caches.state[otherSlot] as number;
      if (protocol.actionOf(state, EVENT.remoteLoad) === ACTION.supply) {
        caches.copyOut(otherSlot, memory.words, line);
        supplier = harts.nodeOfCore(other);
      }
      caches.state[otherSlot] = protocol.nextOf(state, EVENT.remoteLoad);
    }
    caches.install(slot, line, protocol.nextOf(STATE.I, count > 0 ? EVENT.loadShared : EVENT.load));
    caches.copyIn(slot, memory.words, line);
    this.holders.add(line, core);
    const node = harts.node[hart] as number;
    const home = memory.homeOf(line << caches.lineShift);
    this.done = interconnect.fetch(node, home, supplier, now);
    counters.add(hart, COUNTER.queueCycles, interconnect.queued);
    this.countFill(hart, node, home, supplier);
    if (this.wires.trace.on) this.traceTransaction(hart, 'read', line, home, supplier, now);
    return slot;
  }

  /**
   * Makes the hart's core the only holder of a line, to write; gives the slot.
   * @param slot where the core holds the line already, or -1
   * @param whole whether all of the line will be written, so that its data need not come
   */
  own(hart: number, line: number, slot: number, now: number, whole = false): number {
    const { caches, protocol } = this.wires;
    if (slot >= 0) {
      const state = caches.state[slot] as number;
      caches.state[slot] = protocol.nextOf(state, EVENT.store);
      this.done = now;
      if (protocol.actionOf(state, EVENT.store) === ACTION.upgrade) this.upgrade(hart, line, now);
      return slot;
    }
    return this.fetchExclusive(hart, line, now, whole);
  }

  /** Writes a core's copy of a line back if it is dirty, and drops it. */
  evict(hart: number, slot: number, now: number): void {
    const { caches, harts, memory, interconnect, protocol, counters, spins, trace } = this.wires;
    const line = caches.line[slot] as number;
    const core = harts.core[hart] as number;
    if (protocol.actionOf(caches.state[slot] as number, EVENT.evict) === ACTION.writeBack) {
      caches.copyOut(slot, memory.words, line);
      const home = memory.homeOf(line << caches.lineShift);
      interconnect.writeBack(harts.node[hart] as number, home, now);
      counters.add(harts.firstHartOf(core), COUNTER.writebacks, 1);
      if (trace.on)
        trace.emit({ kind: 'writeback', cycle: now, core, address: line << caches.lineShift, home });
    }
    this.holders.remove(line, core);
    caches.drop(slot);
    harts.loseReservations(core, line);
    spins.lineLost(core, slot);
  }

  /** A device writes memory: every cached copy of the line goes. */
  deviceWrites(line: number): void {
    this.invalidateHolders(line, NOBODY, NOBODY);
    this.holders.clear(line);
  }

  /** A device reads memory: a dirty copy is written to memory first. */
  deviceReads(line: number): void {
    const { caches, memory, protocol } = this.wires;
    const count = this.holders.find(line);
    for (let index = 0; index < count; index++) {
      const slot = caches.find(this.holders.found[index] as number, line);
      const state = caches.state[slot] as number;
      if (protocol.actionOf(state, EVENT.remoteLoad) === ACTION.supply)
        caches.copyOut(slot, memory.words, line);
      caches.state[slot] = protocol.nextOf(state, EVENT.remoteLoad);
    }
  }

  private upgrade(hart: number, line: number, now: number): void {
    const { harts, caches, memory, interconnect, counters, trace } = this.wires;
    const core = harts.core[hart] as number;
    const count = this.invalidateHolders(line, core, NOBODY);
    this.holders.clear(line);
    this.holders.add(line, core);
    const home = memory.homeOf(line << caches.lineShift);
    this.done = interconnect.invalidate(harts.node[hart] as number, home, this.told, count, now, false);
    counters.add(hart, COUNTER.queueCycles, interconnect.queued);
    counters.add(hart, COUNTER.upgrades, 1);
    counters.add(hart, COUNTER.invalidationsSent, count);
    if (trace.on) this.traceTransaction(hart, 'upgrade', line, home, NOBODY, now);
  }

  private fetchExclusive(hart: number, line: number, now: number, whole: boolean): number {
    const { harts, caches, memory, interconnect, protocol, counters, trace } = this.wires;
    const core = harts.core[hart] as number;
    const node = harts.node[hart] as number;
    const slot = this.makeRoom(hart, core, line, now);
    caches.copyIn(slot, memory.words, line);
    const count = this.invalidateHolders(line, core, slot);
    const supplier = this.supplier;
    caches.install(slot, line, protocol.nextOf(STATE.I, EVENT.store));
    this.holders.clear(line);
    this.holders.add(line, core);
    const home = memory.homeOf(line << caches.lineShift);
    this.done = whole ? now : interconnect.fetch(node, home, supplier, now);
    let queued = whole ? 0 : interconnect.queued;
    // The one owner that handed the line over need not be told again.
    if (whole || (count > 0 && supplier === NOBODY)) {
      const told = interconnect.invalidate(node, home, this.told, count, now, !whole);
      queued = interconnect.queued;
      if (told > this.done) this.done = told;
    }
    counters.add(hart, COUNTER.queueCycles, queued);
    counters.add(hart, COUNTER.invalidationsSent, count);
    this.countFill(hart, node, home, supplier);
    if (trace.on) this.traceTransaction(hart, 'write', line, home, supplier, now);
    return slot;
  }

  /** Node of the cache that handed its data over in the last `invalidateHolders`, or -1. */
  private supplier = NOBODY;

  /**
   * Destroys every copy but `core`'s. Data handed over goes to slot `into` (or, for -1, to memory).
   * @returns how many there were; their nodes are in `told`
   */
  private invalidateHolders(line: number, core: number, into: number): number {
    const { harts, caches, memory, protocol, counters, spins } = this.wires;
    const count = this.holders.find(line);
    let told = 0;
    this.supplier = NOBODY;
    for (let index = 0; index < count; index++) {
      const other = this.holders.found[index] as number;
      if (other === core) continue;
      const slot = caches.find(other, line);
      if (protocol.actionOf(caches.state[slot] as number, EVENT.remoteStore) === ACTION.handOver) {
        if (into >= 0) caches.copyAcross(slot, into);
        else caches.copyOut(slot, memory.words, line);
        this.supplier = harts.nodeOfCore(other);
      }
      this.told[told++] = harts.nodeOfCore(other);
      caches.drop(slot);
      counters.add(harts.firstHartOf(other), COUNTER.invalidationsReceived, 1);
      harts.loseReservations(other, line);
      spins.lineLost(other, slot);
    }
    return told;
  }

  /** An empty slot for a line in a core's cache: the least recently used line of the set leaves. */
  private makeRoom(hart: number, core: number, line: number, now: number): number {
    const { caches, spins } = this.wires;
    const first = caches.firstSlot(core, line);
    let victim = first;
    let oldest = Number.POSITIVE_INFINITY;
    for (let slot = first; slot < first + caches.ways; slot++) {
      if (caches.line[slot] === NOBODY) return slot;
      const used = spins.lastUse(core, slot, caches.stamp[slot] as number);
      if (used < oldest) {
        oldest = used;
        victim = slot;
      }
    }
    this.evict(hart, victim, now);
    return victim;
  }

  private countFill(hart: number, node: number, home: number, supplier: number): void {
    const kind =
      supplier >= 0 ? COUNTER.cacheFills : home === node ? COUNTER.localFills : COUNTER.remoteFills;
    this.wires.counters.add(hart, kind, 1);
  }

  private traceTransaction(
    hart: number,
    what: 'read' | 'write' | 'upgrade',
    line: number,
    home: number,
    supplier: number,
    now: number,
  ): void {
    const { trace, harts, caches } = this.wires;
    const memory = home === harts.node[hart] ? 'local' : 'remote';
    trace.emit({
      kind: 'transaction',
      cycle: now,
      end: this.done,
      hart,
      context: harts.contextId(hart),
      what,
      address: line << caches.lineShift,
      home,
      source: what === 'upgrade' ? 'none' : supplier >= 0 ? 'cache' : memory,
    });
  }
}
