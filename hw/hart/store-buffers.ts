/**
 * Store buffers: what makes a machine `tso`. A store waits in its hart's buffer, in order, until it drains to
 * the cache; the hart goes on meanwhile and sees its own stores early, others see them late. Owens, Sarkar &
 * Sewell, *A Better x86 Memory Model: x86-TSO*, 2009.
 *
 * Entries hold physical addresses. Each drain is an event of its own: in time, or a step that an arbiter
 * chooses. Fences, read-modify-writes, traps, device accesses and changes of translation drain at once. The
 * page walker and DMA see memory, not buffers.
 */
import type { EventQueue } from '../sequencer/event-queue.ts';
import { theInstruction } from '../isa/instruction.ts';
import { OP } from '../isa/op.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { MemoryPort } from './memory-port.ts';

/** Instructions that put a store into the buffer. */
const BUFFERED: ReadonlySet<number> = new Set([OP.store, OP.store8, OP.store16]);
/** Instructions that need not wait for the buffer. */
const UNORDERED: ReadonlySet<number> = new Set([
  OP.load,
  OP.load8,
  OP.load16,
  OP.work,
  OP.pause,
  OP.prefetch,
  OP.addressOf,
  OP.spinUntil,
  OP.spinUntilNot,
  OP.spinUntilAny,
]);
/** Words that an entry has: address of the word, value in place, mask of the bits that are written. */
const ENTRY = 3;
const WHOLE = -1;

export class StoreBuffers {
  /** Whether drains come by themselves in time; under an arbiter it decides. */
  timed = true;
  private readonly capacity: number;
  private readonly delay: number;
  private readonly entries: Int32Array;
  private readonly counts: Int32Array;
  /** When each hart's last drain is complete: a fence waits until then. */
  private readonly busyUntil: Float64Array;
  private readonly draining: Uint8Array;
  private readonly harts: HartState;
  private readonly port: MemoryPort;
  private readonly events: EventQueue;

  /**
   * @param size `capacity` of each hart's buffer (0 makes the machine sequentially consistent), and the `delay`
   * in cycles before a store begins to drain
   */
  constructor(
    { capacity, delay }: { readonly capacity: number; readonly delay: number },
    harts: HartState,
    port: MemoryPort,
    events: EventQueue,
  ) {
    this.capacity = capacity;
    this.delay = delay;
    this.entries = new Int32Array(harts.count * capacity * ENTRY);
    this.counts = new Int32Array(harts.count);
    this.busyUntil = new Float64Array(harts.count);
    this.draining = new Uint8Array(harts.count);
    this.harts = harts;
    this.port = port;
    this.events = events;
  }

  /** Whether stores are buffered at all. */
  get on(): boolean {
    return this.capacity > 0;
  }

  /** How many stores of a hart have not drained. */
  pending(hart: number): number {
    return this.counts[hart] as number;
  }

  // DOC: push-store
  /** Puts a store into the buffer; when it is full the oldest drains first, and the hart waits for that. */
  push(hart: number, address: number, value: number, mask: number): void {
    if (this.counts[hart] === this.capacity) this.drainOldest(hart);
    const count = this.counts[hart] as number;
    const at = (hart * this.capacity + count) * ENTRY;
    this.entries[at] = address;
    this.entries[at + 1] = value & mask;
    this.entries[at + 2] = mask;
    this.counts[hart] = count + 1;
    this.scheduleDrain(hart);
  }

  /** Whether the newest store to a word covers all of it: a load of it needs no memory. */
  covers(hart: number, address: number): boolean {
    for (let index = (this.counts[hart] as number) - 1; index >= 0; index--) {
      const at = (hart * this.capacity + index) * ENTRY;
      if (this.entries[at] === address) return this.entries[at + 2] === WHOLE;
    }
    return false;
  }

  /** Whether a store to a word waits in the hart's buffer. */
  holds(hart: number, address: number): boolean {
    return this.overlay(hart, address, 0) !== 0 || this.overlay(hart, address, -1) !== -1;
  }

  // DOC: overlay
  /** What the hart sees in a word of which memory holds `value`: its own waiting stores on top. */
  overlay(hart: number, address: number, value: number): number {
    let seen = value;
    const count = this.counts[hart] as number;
    for (let index = 0; index < count; index++) {
      const at = (hart * this.capacity + index) * ENTRY;
      if (this.entries[at] !== address) continue;
      seen = (seen & ~(this.entries[at + 2] as number)) | (this.entries[at + 1] as number);
    }
    return seen;
  }

  /** Drains everything; the hart waits until it is done. */
  drain(hart: number): void {
    if (!this.on) return;
    while ((this.counts[hart] as number) > 0) this.drainOldest(hart);
    const done = this.busyUntil[hart] as number;
    if (done > (this.harts.clock[hart] as number)) this.harts.clock[hart] = done;
  }

  // DOC: drain-step
  /** Drains the oldest store as a step of its own, at the hart's clock but without moving it. */
  drainStep(hart: number): void {
    this.drainAside(hart, this.harts.clock[hart] as number);
  }

  /**
   * Whether the instruction in the record must wait for a drain that an arbiter is to choose. In time the
   * hart drains by itself; under an arbiter each drain must be a step, or some orders would never be seen.
   */
  waitsForDrain(hart: number): boolean {
    if (!this.on || this.timed || this.counts[hart] === 0) return false;
    if (BUFFERED.has(theInstruction.op)) return this.counts[hart] === this.capacity;
    return !UNORDERED.has(theInstruction.op);
  }

  /** The hart itself drains its oldest store, and waits. */
  private drainOldest(hart: number): void {
    const start = Math.max(this.harts.clock[hart] as number, this.busyUntil[hart] as number);
    this.harts.clock[hart] = start;
    this.write(hart);
    this.busyUntil[hart] = this.harts.clock[hart] as number;
  }

  private drainAside(hart: number, now: number): void {
    const clock = this.harts.clock[hart] as number;
    this.harts.clock[hart] = now;
    this.write(hart);
    this.busyUntil[hart] = this.harts.clock[hart] as number;
    this.harts.clock[hart] = clock;
    // Chosen by an arbiter, or begun in time before one took over: the hart may go on either way.
    if (this.harts.activity[hart] === ACTIVITY.draining) this.harts.activity[hart] = ACTIVITY.ready;
  }

  /** Writes the oldest store to the cache and forgets it. */
  private write(hart: number): void {
    const at = hart * this.capacity * ENTRY;
    const [address = 0, value = 0, mask = 0] = this.entries.subarray(at, at + ENTRY);
    this.port.write(hart, address, value, mask);
    const count = (this.counts[hart] as number) - 1;
    this.entries.copyWithin(at, at + ENTRY, at + ENTRY + count * ENTRY);
    this.counts[hart] = count;
  }

  private scheduleDrain(hart: number): void {
    if (!this.timed || this.draining[hart] === 1) return;
    this.scheduleAt(
      hart,
      Math.max((this.harts.clock[hart] as number) + this.delay, this.busyUntil[hart] as number),
    );
  }

  private scheduleAt(hart: number, start: number): void {
    this.draining[hart] = 1;
    this.events.schedule(start, (now) => {
      this.draining[hart] = 0;
      if (this.counts[hart] === 0) return;
      this.drainAside(hart, now);
      if ((this.counts[hart] as number) > 0) this.scheduleAt(hart, this.busyUntil[hart] as number);
    });
  }
}
