/** Builds the memory side of a machine from its configuration: which transport, which kind of coherence. */
import { CoherentMemory } from './coherence/coherent-memory.ts';
import { DRAGON } from './coherence/dragon.ts';
import type { MemorySystem } from './coherence/memory-system.ts';
import { MESI } from './coherence/mesi.ts';
import { NonCoherentMemory, type NonCoherentWires } from './coherence/non-coherent-memory.ts';
import { Protocol } from './coherence/protocol.ts';
import type { Transition } from './coherence/transition.ts';
import type { MachineConfig } from './config.ts';
import { Bus } from './interconnect/bus.ts';
import type { Interconnect } from './interconnect/interconnect.ts';
import { Mesh } from './interconnect/mesh.ts';
import { NodeBuses } from './interconnect/node-buses.ts';
import { Network } from './interconnect/network.ts';
import { Omega } from './interconnect/omega.ts';

// DOC: transport
/** The transport that a configuration names. */
export function buildInterconnect({ memorySystem, nodes, timing }: MachineConfig): Interconnect {
  switch (memorySystem) {
    case 'bus':
      return new Bus(timing);
    case 'cluster':
      return new NodeBuses(nodes, timing);
    case 'directory':
      return new Network(nodes, timing, new Mesh(nodes, timing.hop, timing.linkOccupancy));
    case 'switch':
      return new Network(nodes, timing, new Omega(nodes, timing.hop, timing.linkOccupancy, false));
    case 'butterfly':
      return new Network(nodes, timing, new Omega(nodes, timing.hop, timing.linkOccupancy, true));
  }
}

/** The memory system that a configuration names; `table` replaces its protocol. */
export function buildMemory(
  { coherence }: MachineConfig,
  wires: NonCoherentWires,
  table: readonly Transition[] | undefined,
): MemorySystem {
  if (coherence === 'none') return new NonCoherentMemory(wires);
  const protocol = new Protocol(table ?? (coherence === 'update' ? DRAGON : MESI));
  return new CoherentMemory({ ...wires, protocol });
}
