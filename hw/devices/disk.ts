/**
 * The disk: one request at a time, moved by DMA when seek and transfer have passed, with an interrupt at the
 * end. DMA goes to memory past the caches but keeps them coherent: a read from disk destroys cached copies,
 * a write to disk takes dirty ones into account.
 */
import { DEVICES, DISK, DISK_BLOCK, DISK_COMMAND, DISK_STATUS, INTERRUPT_SOURCE } from '../address-map.ts';
import type { DiskConfig } from '../config.ts';
import type { EventSink } from '../sequencer/event-queue.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { Device, RaiseSource } from './device.ts';

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

export class Disk implements Device {
  /** The content. A loader may fill it before the machine runs. */
  readonly image: Uint8Array;
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

  constructor(config: DiskConfig, dma: Dma, events: EventSink, raise: RaiseSource, trace: TraceBus) {
    this.config = config;
    this.image = new Uint8Array(config.blocks * DISK_BLOCK);
    this.dma = dma;
    this.events = events;
    this.raise = raise;
    this.trace = trace;
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
    const time = (request.block === this.head ? 0 : seek) + blocks * transfer;
    this.note(request.command === DISK_COMMAND.write ? 'write' : 'read', request.block, now);
    this.events.schedule(now + Math.max(1, time), (end) => this.finish(request, end));
  }

  private finish(request: Request, now: number): void {
    if (this.isSound(request)) {
      this.transfer(request);
      this.head = request.block + request.count;
      this.status = DISK_STATUS.done;
    } else {
      this.status = DISK_STATUS.error;
    }
    this.note(this.status === DISK_STATUS.done ? 'done' : 'error', request.block, now);
    this.raise(INTERRUPT_SOURCE.disk, now);
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
    else this.dma.read(address, words);
  }

  private note(what: string, value: number, cycle: number): void {
    if (this.trace.on) this.trace.emit({ kind: 'device', cycle, hart: -1, device: 'disk', what, value });
  }
}
