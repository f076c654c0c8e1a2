/**
 * The coherent memory system: private caches kept in step by a protocol table (mesi.ts or dragon.ts) over an
 * interconnect.
 *
 * A transaction takes effect whole at the cycle of its issue: states and data change at once, in the global
 * order of the sequencer; the interconnect says only when it is complete, and the hart waits until then.
 * So the machine is sequentially consistent and transient states do not exist (see docs/adr).
 */
import { Levels } from '../cache/levels.ts';
import type { LastLevel } from '../cache/last-level.ts';
import type { MissClassifier } from '../cache/miss-classifier.ts';
import type { PrivateCaches } from '../cache/private-caches.ts';
import { COUNTER, type Counters } from '../counters.ts';
import type { HartState } from '../hart/hart-state.ts';
import type { SpinLot } from '../hart/spin-lot.ts';
import type { Interconnect } from '../interconnect/interconnect.ts';
import type { PhysicalMemory } from '../memory/physical.ts';
import type { TraceBus } from '../trace/bus.ts';
import { Holders } from './holders.ts';
import type { MemorySystem } from './memory-system.ts';
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
  readonly lastLevel: LastLevel;
  readonly trace: TraceBus;
  /** Who says of each miss why it happened, if somebody wants to know. */
  readonly misses?: MissClassifier | undefined;
}

export class CoherentMemory implements MemorySystem {
  readonly nonCoherent = false;
  shared = false;
  /** The cycle at which the last transaction was complete. */
  done = 0;
  readonly holders: Holders;
  readonly levels: Levels;
  private readonly wires: MemoryWires;
  /** Nodes of the holders that a write must invalidate. */
  private readonly told: Int32Array;

  constructor(wires: MemoryWires) {
    this.wires = wires;
    this.levels = new Levels(wires.harts, wires.caches, wires.spins, (hart, slot, now) =>
      this.evict(hart, slot, now),
    );
    const cores = wires.harts.cores;
    this.holders = new Holders(cores, wires.memory.size >>> wires.caches.lineShift);
    this.told = new Int32Array(cores);
  }

  // DOC: fetch-line
  fetch(hart: number, line: number, now: number): number {
    const { harts, caches, memory, interconnect, protocol, counters, lastLevel } = this.wires;
    const core = harts.core[hart] as number;
    const slot = this.levels.makeRoom(hart, line, now);
    const count = this.holders.find(line);
    let supplier = NOBODY;
    let giver = NOBODY;
    for (let index = 0; index < count; index++) {
      const other = this.holders.found[index] as number;
      const otherSlot = caches.locate(other, line);
      const state = caches.state[otherSlot] as number;
      const action = protocol.actionOf(state, EVENT.remoteLoad);
      if (action === ACTION.supply) caches.copyOut(otherSlot, memory.words, line);
      if (action === ACTION.give) giver = otherSlot;
      if (action === ACTION.supply || action === ACTION.give) supplier = harts.nodeOfCore(other);
      caches.state[otherSlot] = protocol.nextOf(state, EVENT.remoteLoad);
    }
    caches.install(slot, line, protocol.nextOf(STATE.I, count > 0 ? EVENT.loadShared : EVENT.load));
    if (giver >= 0) caches.copyAcross(giver, slot);
    else caches.copyIn(slot, memory.words, line);
    this.holders.add(line, core);
    const node = harts.node[hart] as number;
    const home = memory.homeOf(line << caches.lineShift);
    const access = supplier < 0 ? lastLevel.access(home, line, now, hart) : 0;
    this.done = interconnect.fetch(node, home, supplier, now, access);
    counters.add(hart, COUNTER.queueCycles, interconnect.queued);
    this.countFill(hart, node, home, supplier);
    if (this.wires.trace.on) this.traceTransaction(hart, 'read', line, home, supplier, now);
    return slot;
  }

  // DOC: own-line
  own(hart: number, line: number, slot: number, now: number, whole = false): number {
    const { harts, caches, protocol } = this.wires;
    const others = protocol.updates ? this.othersHolding(line, harts.core[hart] as number) : 0;
    const event = others > 0 ? EVENT.storeShared : EVENT.store;
    this.shared = others > 0;
    if (slot < 0) {
      if (others === 0) return this.fetchExclusive(hart, line, now, whole);
      const fetched = this.fetch(hart, line, now);
      caches.state[fetched] = protocol.nextOf(STATE.I, event);
      this.announce(hart, line, this.done);
      return fetched;
    }
    const state = caches.state[slot] as number;
    const action = protocol.actionOf(state, event);
    caches.state[slot] = protocol.nextOf(state, event);
    this.done = now;
    if (action === ACTION.upgrade) this.upgrade(hart, line, now);
    else if (action === ACTION.update) this.announce(hart, line, now);
    return slot;
  }

  // DOC: publish-word
  publish(hart: number, word: number, count: number): void {
    const { harts, caches, protocol, spins, counters } = this.wires;
    this.shared = false;
    const core = harts.core[hart] as number;
    const line = caches.line[Math.floor(word / caches.lineWords)] as number;
    const first = word % caches.lineWords;
    const holders = this.holders.find(line);
    for (let index = 0; index < holders; index++) {
      const other = this.holders.found[index] as number;
      if (other === core) continue;
      const slot = caches.locate(other, line);
      const into = slot * caches.lineWords + first;
      caches.data.copyWithin(into, word, word + count);
      caches.state[slot] = protocol.nextOf(caches.state[slot] as number, EVENT.remoteUpdate);
      counters.add(harts.firstHartOf(other), COUNTER.updatesReceived, 1);
      harts.loseReservations(other, line);
      spins.lineLost(other, slot);
    }
  }

  evict(hart: number, slot: number, now: number): void {
    const { caches, harts, memory, interconnect, protocol, counters, spins, trace, lastLevel } = this.wires;
    const line = caches.line[slot] as number;
    const core = harts.core[hart] as number;
    if (protocol.isDirty(caches.state[slot] as number)) {
      caches.copyOut(slot, memory.words, line);
      const home = memory.homeOf(line << caches.lineShift);
      lastLevel.install(home, line, now);
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

  /** On a coherent machine dropping a dirty line unwritten would break coherence: it is written back. */
  discard(hart: number, slot: number, now: number): void {
    this.evict(hart, slot, now);
  }

  /** Nothing is uncached here: this is only for device registers' sake, and never called. */
  visit(_hart: number, _address: number, now: number): void {
    this.done = now;
  }

  deviceWrites(line: number): void {
    this.invalidateHolders(line, NOBODY, NOBODY);
    this.holders.clear(line);
    this.wires.misses?.deviceWrites(line);
  }

  deviceReads(line: number): void {
    const { caches, memory, protocol } = this.wires;
    const count = this.holders.find(line);
    for (let index = 0; index < count; index++) {
      const slot = caches.locate(this.holders.found[index] as number, line);
      if (protocol.isDirty(caches.state[slot] as number)) caches.copyOut(slot, memory.words, line);
    }
  }

  peek(address: number): number {
    const { caches, memory, protocol } = this.wires;
    const line = address >>> caches.lineShift;
    const count = this.holders.find(line);
    // Where writes destroy other copies, a line with several holders is clean.
    const asked = count > 1 && !protocol.updates ? 0 : count;
    for (let index = 0; index < asked; index++) {
      const slot = caches.locate(this.holders.found[index] as number, line);
      const word = slot * caches.lineWords + ((address >>> 2) & (caches.lineWords - 1));
      if (slot >= 0 && protocol.isDirty(caches.state[slot] as number)) return caches.data[word] as number;
    }
    return memory.words[address >>> 2] ?? 0;
  }

  private othersHolding(line: number, core: number): number {
    const count = this.holders.find(line);
    for (let index = 0; index < count; index++) if (this.holders.found[index] === core) return count - 1;
    return count;
  }

  /** The word that is about to be written goes to all other holders: a transaction with its data. */
  private announce(hart: number, line: number, now: number): void {
    const { harts, caches, memory, interconnect, counters, trace } = this.wires;
    const core = harts.core[hart] as number;
    const count = this.holders.find(line);
    let told = 0;
    for (let index = 0; index < count; index++) {
      const other = this.holders.found[index] as number;
      if (other !== core) this.told[told++] = harts.nodeOfCore(other);
    }
    const home = memory.homeOf(line << caches.lineShift);
    this.done = interconnect.invalidate(harts.node[hart] as number, home, this.told, told, now, false);
    counters.add(hart, COUNTER.queueCycles, interconnect.queued);
    counters.add(hart, COUNTER.updates, 1);
    if (trace.on) this.traceTransaction(hart, 'update', line, home, NOBODY, now);
  }

  // DOC: upgrade-line
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

  // DOC: fetch-exclusive
  private fetchExclusive(hart: number, line: number, now: number, whole: boolean): number {
    const { harts, caches, memory, interconnect, protocol, counters, trace, lastLevel } = this.wires;
    const core = harts.core[hart] as number;
    const node = harts.node[hart] as number;
    const slot = this.levels.makeRoom(hart, line, now);
    const count = this.invalidateHolders(line, core, slot);
    const supplier = this.supplier;
    if (supplier === NOBODY) caches.copyIn(slot, memory.words, line);
    caches.install(slot, line, protocol.nextOf(STATE.I, EVENT.store));
    this.holders.clear(line);
    this.holders.add(line, core);
    const home = memory.homeOf(line << caches.lineShift);
    const access = whole || supplier >= 0 ? 0 : lastLevel.access(home, line, now, hart);
    this.done = whole ? now : interconnect.fetch(node, home, supplier, now, access);
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
    const { harts, caches, memory, protocol, counters, spins, misses } = this.wires;
    const count = this.holders.find(line);
    let told = 0;
    this.supplier = NOBODY;
    for (let index = 0; index < count; index++) {
      const other = this.holders.found[index] as number;
      if (other === core) continue;
      const slot = caches.locate(other, line);
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
      if (misses !== undefined) misses.taken(other, line);
    }
    return told;
  }

  private countFill(hart: number, node: number, home: number, supplier: number): void {
    const kind =
      supplier >= 0
        ? COUNTER.cacheFills
        : this.wires.interconnect.isLocal(node, home)
          ? COUNTER.localFills
          : COUNTER.remoteFills;
    this.wires.counters.add(hart, kind, 1);
  }

  private traceTransaction(
    hart: number,
    what: 'read' | 'write' | 'upgrade' | 'update',
    line: number,
    home: number,
    supplier: number,
    now: number,
  ): void {
    const { trace, harts, caches, interconnect } = this.wires;
    const memory = interconnect.isLocal(harts.node[hart] as number, home) ? 'local' : 'remote';
    trace.emit({
      kind: 'transaction',
      cycle: now,
      end: this.done,
      hart,
      context: harts.contextId(hart),
      what,
      address: line << caches.lineShift,
      home,
      source: what === 'upgrade' || what === 'update' ? 'none' : supplier >= 0 ? 'cache' : memory,
    });
  }
}
