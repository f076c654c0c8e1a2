/**
 * The network interfaces of a cluster: each node has a queue of messages that have arrived. A message takes its
 * start-up time and its hops over a mesh; those between the same two nodes arrive in the order in which they
 * were sent. An arrival raises the network interrupt of the node.
 */
import { DEVICES, INTERRUPT_SOURCE, NETWORK } from '../address-map.ts';
import type { Timing } from '../config.ts';
import { Mesh } from '../interconnect/mesh.ts';
import type { TrafficRow } from '../interconnect/traffic.ts';
import type { Actors } from '../sequencer/actors.ts';
import type { EventQueue } from '../sequencer/event-queue.ts';
import type { Device, RaiseSource } from './device.ts';

/** A message on its way or in a queue. */
export interface Message {
  readonly from: number;
  readonly words: readonly number[];
  /** The cycle at which it is there. */
  readonly arrival: number;
}

const register = (address: number): number => address - DEVICES.network.base;

/** What connects the interfaces. */
export class MessageNetwork {
  private readonly mesh: Mesh;
  private readonly timing: Timing;
  private readonly events: EventQueue;
  private readonly actors: Actors;
  private readonly interfaces: readonly NetworkInterface[];

  /** @param raise each node's way to its interrupt controller */
  constructor(timing: Timing, events: EventQueue, actors: Actors, raise: readonly RaiseSource[]) {
    this.actors = actors;
    this.mesh = new Mesh(raise.length, timing.hop, timing.linkOccupancy);
    this.timing = timing;
    this.events = events;
    this.interfaces = raise.map((source, node) => new NetworkInterface(node, raise.length, source));
  }

  /** The interface of a node. */
  at(node: number): NetworkInterface {
    return this.interfaces[node] as NetworkInterface;
  }

  /** What each link has carried. */
  traffic(): TrafficRow[] {
    return this.mesh.traffic();
  }

  /** Sends a message; false if there is no such node. */
  send(from: number, to: number, words: readonly number[], now: number): boolean {
    const target = this.interfaces[to];
    if (target === undefined) return false;
    const arrival = this.mesh.send(from, to, now + this.timing.message) + words.length;
    const actor = this.actors.of('message', from * this.actors.nodes + to);
    this.events.schedule(arrival, (time) => target.deliver({ from, words, arrival }, time), actor);
    return true;
  }
}

export class NetworkInterface implements Device {
  /** Called when a message has arrived. */
  onArrival: (now: number) => void = () => undefined;
  private readonly node: number;
  private readonly nodes: number;
  private readonly raise: RaiseSource;
  private readonly queue: Message[] = [];

  constructor(node: number, nodes: number, raise: RaiseSource) {
    this.node = node;
    this.nodes = nodes;
    this.raise = raise;
  }

  deliver(message: Message, now: number): void {
    this.queue.push(message);
    this.raise(INTERRUPT_SOURCE.network, now);
    this.onArrival(now);
  }

  /** Takes the oldest message that has arrived. */
  take(): Message | undefined {
    return this.queue.shift();
  }

  /** Whether a message waits. */
  get waiting(): boolean {
    return this.queue.length > 0;
  }

  read(offset: number): number | undefined {
    switch (offset) {
      case register(NETWORK.NODE):
        return this.node;
      case register(NETWORK.NODES):
        return this.nodes;
      case register(NETWORK.WAITING):
        return this.queue.length;
      default:
        return undefined;
    }
  }

  write(): boolean {
    return false;
  }
}
