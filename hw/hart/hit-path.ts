/**
 * The commonest instructions in their commonest case, done with everything at hand: an untranslated load or
 * store of a word that the core's cache holds (for a store: as its only owner). More than nine of ten
 * instructions of a program end here, so this is what the speed of the emulator hangs on.
 *
 * It does exactly what the processor and the memory port would do, and nothing else; a test holds a machine
 * with it to the same clocks, counters and memory as one without.
 */
import type { PrivateCaches } from '../cache/private-caches.ts';
import { STATE } from '../coherence/protocol.ts';
import type { CoroutineContext } from '../context/coroutine.ts';
import { COUNTER, COUNTERS_PER_HART, type Counters } from '../counters.ts';
import { theInstruction } from '../isa/instruction.ts';
import { OP } from '../isa/op.ts';
import type { HartState } from './hart-state.ts';

const LOAD = OP.load;
const STORE = OP.store;
const MODIFIED = STATE.M;
const INSTRUCTIONS = COUNTER.instructions;
const L1_HITS = COUNTER.l1Hits;

export class HitPath {
  private readonly clock: Float64Array;
  private readonly satp: Int32Array;
  private readonly user: Uint8Array;
  private readonly core: Int32Array;
  private readonly line: Int32Array;
  private readonly state: Uint8Array;
  private readonly stamp: Float64Array;
  private readonly data: Int32Array;
  private readonly counts: Float64Array;
  private readonly lineShift: number;
  private readonly lineWords: number;
  private readonly wordMask: number;
  private readonly setMask: number;
  private readonly ways: number;
  private readonly slotsPerCore: number;
  /** Addresses below this may be served. */
  private limit: number;
  private readonly l1Hit: number;

  /**
   * @param memorySize bytes of memory, or 0 to leave every instruction to the long way
   * @param alone whether each core has one hart: only then can a store concern nobody else in the core
   */
  constructor(
    harts: HartState,
    caches: PrivateCaches,
    counters: Counters,
    memorySize: number,
    l1Hit: number,
    alone: boolean,
  ) {
    this.clock = harts.clock;
    this.satp = harts.satp;
    this.user = harts.user;
    this.core = harts.core;
    this.line = caches.line;
    this.state = caches.state;
    this.stamp = caches.stamp;
    this.data = caches.data;
    this.counts = counters.values;
    this.lineShift = caches.lineShift;
    this.lineWords = caches.lineWords;
    this.wordMask = caches.lineWords - 1;
    this.setMask = caches.setMask;
    this.ways = caches.ways;
    this.slotsPerCore = caches.slots;
    this.limit = alone ? memorySize : 0;
    this.l1Hit = l1Hit;
  }

  /** Leaves every instruction to the long way from now on: somebody wants to see each access. */
  turnOff(): void {
    this.limit = 0;
  }

  /** Carries out the instruction in the record if it is such a one; gives false if not. */
  take(hart: number, context: CoroutineContext): boolean {
    const I = theInstruction;
    const store = I.op === STORE;
    if (!store && I.op !== LOAD) return false;
    const address = I.a;
    if ((address & 3) !== 0 || address >>> 0 >= this.limit) return false;
    if ((this.satp[hart] as number) < 0 || this.user[hart] === 1) return false;
    const wanted = address >>> this.lineShift;
    const { line, counts } = this;
    let slot = (this.core[hart] as number) * this.slotsPerCore + (wanted & this.setMask) * this.ways;
    const end = slot + this.ways;
    while (line[slot] !== wanted) if (++slot === end) return false;
    const word = slot * this.lineWords + ((address >>> 2) & this.wordMask);
    let value = 0;
    if (!store) value = this.data[word] as number;
    else if (this.state[slot] === MODIFIED) this.data[word] = I.b;
    else return false;
    const now = this.clock[hart] as number;
    this.clock[hart] = now + this.l1Hit;
    this.stamp[slot] = now;
    const base = hart * COUNTERS_PER_HART;
    counts[base + L1_HITS] = (counts[base + L1_HITS] as number) + 1;
    counts[base + INSTRUCTIONS] = (counts[base + INSTRUCTIONS] as number) + 1;
    context.complete(value);
    return true;
  }
}
