/**
 * Executes loads and stores of device registers: past caches and store buffer, on the devices of the hart's node,
 * at the price of one device access.
 */
import { COUNTER, type Counters } from '../counters.ts';
import type { CoroutineContext } from '../context/coroutine.ts';
import type { DeviceBus } from '../devices/device-bus.ts';
import { CAUSE } from '../isa/trap.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { HartState } from './hart-state.ts';
import type { MemoryPort } from './memory-port.ts';
import type { Processor } from './processor.ts';
import type { TrapUnit } from './trap-unit.ts';

export interface DeviceWires {
  readonly harts: HartState;
  readonly port: MemoryPort;
  readonly processor: Processor;
  readonly traps: TrapUnit;
  /** The devices of each node. */
  readonly devices: readonly DeviceBus[];
  readonly counters: Counters;
  readonly trace: TraceBus;
  /** Cycles of one access. */
  readonly cycles: number;
}

export class DeviceUnit {
  private readonly wires: DeviceWires;

  constructor(wires: DeviceWires) {
    this.wires = wires;
  }

  /** Completes the load in the record with a device register; traps where none is. */
  load(hart: number, context: CoroutineContext, address: number): void {
    const value = this.read(hart, address);
    if (value !== undefined) this.wires.processor.complete(hart, context, value);
  }

  /** Completes the store in the record to a device register; traps where none is. */
  store(hart: number, context: CoroutineContext, address: number, value: number): void {
    this.reach(hart, address);
    const { harts, processor, traps } = this.wires;
    const now = harts.clock[hart] as number;
    if (!this.devicesOf(hart).write(address, value, this.numberOf(hart), now)) {
      traps.trap(hart, CAUSE.storeAccessFault, address);
      return;
    }
    this.charge(hart, address);
    processor.complete(hart, context, 0);
  }

  /** Reads a device register; traps where none is. */
  read(hart: number, address: number): number | undefined {
    this.reach(hart, address);
    const { harts, traps } = this.wires;
    const now = harts.clock[hart] as number;
    const value = this.devicesOf(hart).read(address, this.numberOf(hart), now);
    if (value === undefined) traps.trap(hart, CAUSE.loadAccessFault, address);
    else this.charge(hart, address);
    return value;
  }

  private reach(hart: number, address: number): void {
    const { port } = this.wires;
    port.drain(hart);
    port.footprint?.device(address);
  }

  private devicesOf(hart: number): DeviceBus {
    return this.wires.devices[this.wires.harts.node[hart] as number] as DeviceBus;
  }

  /** The hart as its devices know it: on a cluster they count the harts of their node. */
  private numberOf(hart: number): number {
    return hart - (this.wires.harts.first[hart] as number);
  }

  private charge(hart: number, address: number): void {
    const { harts, counters, trace, cycles } = this.wires;
    const cycle = harts.clock[hart] as number;
    const end = cycle + cycles;
    harts.clock[hart] = end;
    counters.add(hart, COUNTER.deviceAccesses, 1);
    if (!trace.on) return;
    const context = harts.contextId(hart);
    const access = { what: 'device', home: 0, source: 'none' } as const;
    trace.emit({ kind: 'transaction', cycle, end, hart, context, address, ...access });
  }
}
