/**
 * The disk: one request at a time, moved by DMA when seek and transfer have passed, with an interrupt at the
 * end. DMA goes to memory past the caches but keeps them coherent: a read from disk destroys cached copies,
 * a write to disk takes dirty ones into account.
 */
import { DEVICES, DISK, DISK_BLOCK, DISK_COMMAND, DISK_STATUS, INTERRUPT_SOURCE } from '../address-map.ts';
import type { DiskConfig } from '../config.ts';
import { zeroedWords } from '../memory/spare-words.ts';
import type { EventSink } from '../sequencer/event-queue.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { Device, RaiseSource } from './device.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';

/** Direct memory access, kept coherent. */
export interface Dma {
  /** Bytes of memory. */
  readonly size: number;
  /** Copies words from memory (or a dirty cached copy) out. */
  read(address: number, into: Int32Array): void;
  /** Copies words into memory; cached copies are destroyed. */
  write(address: number, from: Int32Array): void;
}

const register = (address: number): number => address - DEVICES.disk.base;
const REGISTER = {
  block: register(DISK.BLOCK),
  count: register(DISK.COUNT),
  address: register(DISK.ADDRESS),
  command: register(DISK.COMMAND),
  status: register(DISK.STATUS),
  blocks: register(DISK.BLOCKS),
} as const;

interface Request {
  readonly command: number;
  readonly block: number;
  readonly count: number;
  readonly address: number;
}

/** A request under way. */
interface Flight {
  readonly request: Request;
  /** When the first block begins to be transferred. */
  readonly transferFrom: number;
  /** Whether it is to end in an error. */
  readonly fails: boolean;
}

export class Disk implements Device {
  /** The content. A loader may fill it before the machine runs. */
  readonly image: Uint8Array;
  /** Is told of the blocks that the image has just got from memory: whoever keeps it elsewhere, too. */
  onWrite: ((block: number, count: number) => void) | undefined;
  /** Requests that have ended, well or not: whether there is still something to do. */
  ended = 0;
  private readonly config: DiskConfig;
  private readonly dma: Dma;
  private readonly events: EventSink;
  private readonly raise: RaiseSource;
  private readonly trace: TraceBus;
  private block = 0;
  private count = 0;
  private address = 0;
  private status: number = DISK_STATUS.idle;
  /** The block after the last request: going on there needs no seek. */
  private head = 0;
  private flight: Flight | undefined;
  private readonly faults: FaultPlan | undefined;

  constructor(
    config: DiskConfig,
    dma: Dma,
    events: EventSink,
    raise: RaiseSource,
    trace: TraceBus,
    faults?: FaultPlan,
  ) {
    this.config = config;
    this.image = new Uint8Array(zeroedWords((config.blocks * DISK_BLOCK) >> 2).buffer);
    this.dma = dma;
    this.events = events;
    this.raise = raise;
    this.trace = trace;
    this.faults = faults;
  }

  read(offset: number): number | undefined {
    if (offset === REGISTER.status) return this.status;
    if (offset === REGISTER.blocks) return this.config.blocks;
    return undefined;
  }

  write(offset: number, value: number, _hart: number, now: number): boolean {
    // Registers of a request in flight cannot be changed; a command is ignored.
    if (this.status === DISK_STATUS.busy) return offset <= REGISTER.command;
    switch (offset) {
      case REGISTER.block:
        this.block = value;
        return true;
      case REGISTER.count:
        this.count = value;
        return true;
      case REGISTER.address:
        this.address = value;
        return true;
      case REGISTER.command:
        this.start({ command: value, block: this.block, count: this.count, address: this.address }, now);
        return true;
      default:
        return false;
    }
  }

  private start(request: Request, now: number): void {
    const { seek, transfer } = this.config;
    this.status = DISK_STATUS.busy;
    const blocks = this.isSound(request) ? request.count : 0;
    const wait = request.block === this.head ? 0 : seek;
    const fails = this.faults?.failsRequest(request.block, request.count) === true;
    const flight = { request, transferFrom: now + wait, fails };
    this.flight = flight;
    this.note(request.command === DISK_COMMAND.write ? 'write' : 'read', request.block, now);
    this.events.schedule(now + Math.max(1, wait + blocks * transfer), (end) => this.finish(flight, end));
  }

  private finish({ request, fails }: Flight, now: number): void {
    this.flight = undefined;
    this.ended += 1;
    if (this.isSound(request) && !fails) {
      this.transfer(request);
      this.head = request.block + request.count;
      this.status = DISK_STATUS.done;
    } else {
      this.status = DISK_STATUS.error;
    }
    this.note(this.status === DISK_STATUS.done ? 'done' : 'error', request.block, now);
    this.raise(INTERRUPT_SOURCE.disk, now);
  }

  // DOC: torn-write
  /**
   * The power fails. Of a write in flight, the first blocks are on the disk, whole, and the others are not: those
   * whose time has passed, or as many as `written` says.
   */
  losePower(now: number, written?: number): void {
    const { flight } = this;
    if (flight === undefined || flight.fails || !this.isSound(flight.request)) return;
    const { request, transferFrom } = flight;
    const inTime = Math.floor((now - transferFrom) / this.config.transfer);
    const count = Math.min(request.count, Math.max(0, written ?? inTime));
    if (request.command === DISK_COMMAND.write && count > 0) this.transfer({ ...request, count });
  }

  private isSound({ command, block, count, address }: Request): boolean {
    const known = command === DISK_COMMAND.read || command === DISK_COMMAND.write;
    const onDisk = block >= 0 && count > 0 && block + count <= this.config.blocks;
    const inMemory =
      address >= 0 && address % DISK_BLOCK === 0 && address + count * DISK_BLOCK <= this.dma.size;
    return known && onDisk && inMemory;
  }

  private transfer({ command, block, count, address }: Request): void {
    const words = new Int32Array(this.image.buffer, block * DISK_BLOCK, (count * DISK_BLOCK) >> 2);
    if (command === DISK_COMMAND.read) this.dma.write(address, words);
    else {
      this.dma.read(address, words);
      this.onWrite?.(block, count);
    }
  }

  private note(what: string, value: number, cycle: number): void {
    if (this.trace.on) this.trace.emit({ kind: 'device', cycle, hart: -1, device: 'disk', what, value });
  }
}
