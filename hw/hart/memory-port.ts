/**
 * A hart's way to physical memory: through its core's cache, and beyond it on a miss. Each access takes
 * effect at once and moves the hart's clock to when it is complete.
 */
import type { MissClassifier } from '../cache/miss-classifier.ts';
import type { PrivateCaches } from '../cache/private-caches.ts';
import type { MemorySystem } from '../coherence/memory-system.ts';
import type { PhysicalMemory } from '../memory/physical.ts';
import { STATE } from '../coherence/protocol.ts';
import { COUNTER, COUNTERS_PER_HART, type Counters } from '../counters.ts';
import type { Footprint } from './footprint.ts';
import type { HartState } from './hart-state.ts';
import type { SpinLot } from './spin-lot.ts';
import { StoreBuffers } from './store-buffers.ts';
import type { EventQueue } from '../sequencer/event-queue.ts';

export class MemoryPort {
  /** The store buffers; off on a sequentially consistent machine. */
  readonly buffers: StoreBuffers;
  /** Where accesses are noted, if somebody wants to know. */
  footprint: Footprint | undefined = undefined;
  /** Who says of each miss why it happened, if somebody wants to know. */
  misses: MissClassifier | undefined = undefined;
  /** Whether the access that comes next is to memory that must not be cached (machines without coherence). */
  uncached = false;
  private readonly harts: HartState;
  private readonly caches: PrivateCaches;
  private readonly memory: MemorySystem;
  private readonly words: Int32Array;
  /** Whether hardware keeps no caches coherent. */
  readonly nonCoherent: boolean;
  private readonly spins: SpinLot;
  private readonly counts: Float64Array;
  private readonly l1Hit: number;
  private readonly l2Hit: number;
  private readonly lineShift: number;
  private readonly lineWords: number;
  private readonly wordMask: number;

  constructor(
    harts: HartState,
    caches: PrivateCaches,
    modules: PhysicalMemory,
    memory: MemorySystem,
    spins: SpinLot,
    counters: Counters,
    events: EventQueue,
    {
      l1Hit,
      l2Hit,
      storeBuffer,
      drain,
    }: {
      readonly l1Hit: number;
      readonly l2Hit: number;
      readonly storeBuffer: number;
      readonly drain: number;
    },
  ) {
    this.buffers = new StoreBuffers({ capacity: storeBuffer, delay: drain }, harts, this, events);
    this.harts = harts;
    this.caches = caches;
    this.memory = memory;
    this.words = modules.words;
    this.nonCoherent = memory.nonCoherent;
    this.spins = spins;
    this.counts = counters.values;
    this.l1Hit = l1Hit;
    this.l2Hit = l2Hit;
    this.lineShift = caches.lineShift;
    this.lineWords = caches.lineWords;
    this.wordMask = caches.lineWords - 1;
  }

  /** Reads a word as the hart sees it: with the stores that wait in its own buffer. */
  load(hart: number, address: number): number {
    const { buffers } = this;
    if (buffers.on && buffers.pending(hart) > 0) {
      if (buffers.covers(hart, address)) {
        this.footprint?.read(address);
        this.harts.clock[hart] = (this.harts.clock[hart] as number) + 1;
        return buffers.overlay(hart, address, 0);
      }
      return buffers.overlay(hart, address, this.loadMemory(hart, address));
    }
    return this.loadMemory(hart, address);
  }

  /** Reads a word as it is in memory, past the store buffer: what the page walker does. */
  loadMemory(hart: number, address: number): number {
    if (this.uncached) {
      this.visit(hart, address);
      return this.words[address >>> 2] as number;
    }
    return this.caches.data[this.wordIn(this.readable(hart, address), address)] as number;
  }

  /** Writes the bits of a word that are in `mask`; the value's bits are in place. */
  store(hart: number, address: number, value: number, mask: number): void {
    if (this.buffers.on) {
      this.buffers.push(hart, address, value, mask);
      this.harts.clock[hart] = (this.harts.clock[hart] as number) + 1;
      return;
    }
    this.write(hart, address, value, mask);
  }

  /** Writes the bits of a word that are in `mask`, past the store buffer. */
  write(hart: number, address: number, value: number, mask: number): void {
    this.footprint?.write(address);
    if (this.uncached) {
      this.visit(hart, address);
      this.putWord(hart, address, ((this.words[address >>> 2] as number) & ~mask) | (value & mask));
      return;
    }
    const { data } = this.caches;
    const word = this.wordIn(this.writable(hart, address, false), address);
    data[word] = ((data[word] as number) & ~mask) | (value & mask);
    if (this.memory.shared) this.memory.publish(hart, word, 1);
  }

  // DOC: modify
  /** Replaces a word by a function of it, atomically; gives the old value. Drains the store buffer first. */
  modify(hart: number, address: number, replace: (old: number) => number): number {
    this.drain(hart);
    this.footprint?.write(address);
    if (this.nonCoherent) {
      this.giveUp(hart, address);
      this.visit(hart, address);
      const old = this.words[address >>> 2] as number;
      this.putWord(hart, address, replace(old));
      return old;
    }
    const { data } = this.caches;
    const word = this.wordIn(this.writable(hart, address, false), address);
    const old = data[word] as number;
    data[word] = replace(old);
    if (this.memory.shared) this.memory.publish(hart, word, 1);
    return old;
  }

  /** Waits until all stores of the hart are in the cache. */
  drain(hart: number): void {
    if (this.buffers.on) this.buffers.drain(hart);
  }

  /** Zeroes a line without reading it. */
  zeroLine(hart: number, address: number): void {
    const first = address & -(4 * this.lineWords);
    for (let word = 0; word < this.lineWords; word++) this.footprint?.write(first + 4 * word);
    if (this.uncached) {
      this.visit(hart, first);
      for (let word = 0; word < this.lineWords; word++) this.putWord(hart, first + 4 * word, 0);
      return;
    }
    const start = this.writable(hart, address, true) * this.lineWords;
    this.caches.data.fill(0, start, start + this.lineWords);
    if (this.memory.shared) this.memory.publish(hart, start, this.lineWords);
  }

  /** Notes that a step depends on all of a line: on whether its reservation holds. */
  noteLine(address: number): void {
    const first = address & -(4 * this.lineWords);
    for (let word = 0; word < this.lineWords; word++) this.footprint?.read(first + 4 * word);
  }

  /** Drops a line from the core's cache, writing it back or not; costs one look-up whether or not it is here. */
  drop(hart: number, address: number, writeBack: boolean): void {
    const now = this.harts.clock[hart] as number;
    const slot = this.caches.locate(this.harts.core[hart] as number, address >>> this.lineShift);
    // What is dropped unwritten may be the only copy.
    if (!writeBack) this.footprint?.writeBlock(address & -(4 * this.lineWords), this.lineWords);
    if (slot >= 0 && writeBack) this.memory.evict(hart, slot, now);
    else if (slot >= 0) this.memory.discard(hart, slot, now);
    if (slot >= 0) this.misses?.dropped(this.harts.core[hart] as number, address >>> this.lineShift);
    this.harts.clock[hart] = now + this.l1Hit;
  }

  /** The slot in which the hart's core holds the address's line, or -1. */
  slotOf(hart: number, address: number): number {
    return this.caches.find(this.harts.core[hart] as number, address >>> this.lineShift);
  }

  // DOC: readable
  /** Brings the address's line in if need be, for reading, and gives its slot. */
  readable(hart: number, address: number): number {
    this.footprint?.read(address);
    const line = address >>> this.lineShift;
    const now = this.harts.clock[hart] as number;
    let slot = this.caches.find(this.harts.core[hart] as number, line);
    const missed = slot < 0;
    if (!missed) {
      this.hit(hart, now);
    } else {
      slot = this.promoted(hart, line, now);
      if (slot < 0) {
        slot = this.memory.fetch(hart, line, now);
        this.missed(hart, now, COUNTER.l1Misses);
      }
    }
    this.used(slot, now);
    if (this.misses !== undefined) this.misses.read(hart, address, missed);
    return slot;
  }

  /** The place in `caches.data` of an address's word in a slot. */
  wordIn(slot: number, address: number): number {
    return slot * this.lineWords + ((address >>> 2) & this.wordMask);
  }

  /** The own copy of a line goes home before the memory module works on it. */
  private giveUp(hart: number, address: number): void {
    const slot = this.caches.locate(this.harts.core[hart] as number, address >>> this.lineShift);
    if (slot >= 0) this.memory.evict(hart, slot, this.harts.clock[hart] as number);
  }

  /** A trip to the memory module, past the caches. */
  private visit(hart: number, address: number): void {
    const now = this.harts.clock[hart] as number;
    this.memory.visit(hart, address, now);
    this.missed(hart, now, COUNTER.uncached);
  }

  /** Changes a word at the memory module: whoever has reserved its line has lost it. */
  private putWord(hart: number, address: number, value: number): void {
    this.words[address >>> 2] = value;
    if (this.misses !== undefined) this.misses.writeUncached(hart, address);
    for (let core = 0; core < this.harts.cores; core++) {
      this.harts.loseReservations(core, address >>> this.lineShift, hart);
    }
  }

  // DOC: writable
  private writable(hart: number, address: number, whole: boolean): number {
    const line = address >>> this.lineShift;
    const now = this.harts.clock[hart] as number;
    const core = this.harts.core[hart] as number;
    let slot = this.caches.find(core, line);
    const absent = slot < 0;
    if (!absent && this.caches.state[slot] === STATE.M) {
      this.hit(hart, now);
    } else {
      const below = absent ? this.promoted(hart, line, now) : -1;
      const start = this.harts.clock[hart] as number;
      slot = this.memory.own(hart, line, absent ? below : slot, start, whole);
      if (below >= 0) this.waitForOthers(hart, start);
      else if (absent) this.missed(hart, now, COUNTER.l1Misses);
      else if (this.memory.done === now) this.hit(hart, now);
      else this.missed(hart, now, COUNTER.l1Hits);
    }
    this.used(slot, now);
    if (this.spins.parkedOn[core] !== 0) this.spins.lineLost(core, slot);
    this.harts.loseReservations(core, line, hart);
    if (this.misses !== undefined) this.classifyWrite(hart, address, whole, absent);
    return slot;
  }

  private classifyWrite(hart: number, address: number, whole: boolean, missed: boolean): void {
    const first = whole ? address & -(4 * this.lineWords) : address;
    this.misses?.write(hart, first, whole ? this.lineWords : 1, missed);
  }

  /** Brings a line up from the core's second level and charges for that; gives its slot, or -1. */
  private promoted(hart: number, line: number, now: number): number {
    if (this.caches.lowerWays === 0) return -1;
    const slot = this.memory.levels.promote(hart, line, now);
    if (slot < 0) return -1;
    const base = hart * COUNTERS_PER_HART;
    this.counts[base + COUNTER.l1Misses] = (this.counts[base + COUNTER.l1Misses] as number) + 1;
    this.counts[base + COUNTER.l2Hits] = (this.counts[base + COUNTER.l2Hits] as number) + 1;
    this.stall(hart, this.l2Hit - this.l1Hit);
    this.harts.clock[hart] = now + this.l2Hit;
    return slot;
  }

  /** The line came from the second level, but others had to be told of the write. */
  private waitForOthers(hart: number, start: number): void {
    this.stall(hart, this.memory.done - start);
    this.harts.clock[hart] = this.memory.done;
  }

  private stall(hart: number, cycles: number): void {
    const at = hart * COUNTERS_PER_HART + COUNTER.stallCycles;
    this.counts[at] = (this.counts[at] as number) + cycles;
  }

  private used(slot: number, now: number): void {
    // The second read of a poll lies ahead of what the core's other hart does meanwhile: stamps never go back.
    if (now > (this.caches.stamp[slot] as number)) this.caches.stamp[slot] = now;
  }

  private hit(hart: number, now: number): void {
    const at = hart * COUNTERS_PER_HART + COUNTER.l1Hits;
    this.counts[at] = (this.counts[at] as number) + 1;
    this.harts.clock[hart] = now + this.l1Hit;
  }

  private missed(hart: number, now: number, counter: number): void {
    const base = hart * COUNTERS_PER_HART;
    this.counts[base + counter] = (this.counts[base + counter] as number) + 1;
    this.stall(hart, this.memory.done - now);
    this.harts.clock[hart] = this.memory.done + this.l1Hit;
  }
}
