/**
 * Builds the devices of a machine: one set that all harts share, or, on a cluster, one for each node, which
 * knows only the harts and the memory of its node.
 */
import { Console } from './devices/console.ts';
import { CoherentDma } from './devices/coherent-dma.ts';
import type { RaiseSource } from './devices/device.ts';
import { DeviceBus } from './devices/device-bus.ts';
import { Disk } from './devices/disk.ts';
import { InterruptController } from './devices/interrupt-controller.ts';
import { MessageNetwork } from './devices/network-interface.ts';
import { Power } from './devices/power.ts';
import type { MemorySystem } from './coherence/memory-system.ts';
import { isCluster, type MachineConfig } from './config.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import type { HartState } from './hart/hart-state.ts';
import type { InterruptLines } from './hart/interrupt-lines.ts';
import { INTERRUPT } from './isa/csr.ts';
import type { PhysicalMemory } from './memory/physical.ts';
import type { Actors } from './sequencer/actors.ts';
import { type EventQueue, eventsOf } from './sequencer/event-queue.ts';
import type { TraceBus } from './trace/bus.ts';

export interface DeviceWires {
  readonly harts: HartState;
  readonly memory: PhysicalMemory;
  readonly system: MemorySystem;
  readonly lineShift: number;
  readonly lines: InterruptLines;
  readonly events: EventQueue;
  readonly actors: Actors;
  readonly trace: TraceBus;
  readonly faults: FaultPlan | undefined;
  /** The power register of a node was written. */
  readonly onPower: (node: number, status: number) => void;
}

export interface Devices {
  /** The devices that the harts of each node see. */
  readonly buses: readonly DeviceBus[];
  /** One of each for every set: just one, but on a cluster. */
  readonly consoles: readonly Console[];
  readonly disks: readonly Disk[];
  /** The ways of the disks to memory. */
  readonly dmas: readonly CoherentDma[];
  readonly network: MessageNetwork;
}

export function buildDevices(config: MachineConfig, wires: DeviceWires): Devices {
  const sets = isCluster(config) ? config.nodes : 1;
  const each = <T>(make: (node: number) => T): T[] => Array.from({ length: sets }, (_, node) => make(node));
  const { harts, lines, events, trace } = wires;
  const controllers = each((node) => {
    const first = node * harts.visible;
    return new InterruptController(harts.visible, (hart, on, now) =>
      lines.set(first + hart, INTERRUPT.external, on, now),
    );
  });
  const raise = controllers.map(
    (controller) =>
      (source: number, now: number): void =>
        controller.raise(source, now),
  );
  const network = new MessageNetwork(config.timing, events, wires.actors, raise);
  const consoles = each(() => new Console());
  const dmas = each((node) => {
    const size = wires.memory.size / sets;
    return new CoherentDma(wires.memory, wires.system, wires.lineShift, node * size, size);
  });
  const disks = each((node) => {
    const dma = dmas[node] as CoherentDma;
    const finishes = eventsOf(events, wires.actors.of('disk', node));
    return new Disk(config.disk, dma, finishes, raise[node] as RaiseSource, trace, wires.faults);
  });
  const buses = each(
    (node) =>
      new DeviceBus({
        console: consoles[node] as Console,
        disk: disks[node] as Disk,
        interrupts: controllers[node] as InterruptController,
        network: network.at(node),
        power: new Power((status) => wires.onPower(node, status)),
      }),
  );
  return {
    buses: Array.from({ length: config.nodes }, (_, node) => buses[node % sets] as DeviceBus),
    consoles,
    disks,
    dmas,
    network,
  };
}
