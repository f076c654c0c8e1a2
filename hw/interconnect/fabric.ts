/**
 * The ways between processors' nodes and memory modules: what the network machines differ in. A message sent
 * at a time arrives at the time that is returned; what it waited for busy links is added to `queued`.
 */
import type { TrafficRow } from './traffic.ts';

export interface Fabric {
  queued: number;
  /** A processor's request to a memory module. */
  toHome(node: number, home: number, now: number): number;
  /** A memory module's answer or demand to a processor. */
  fromHome(home: number, node: number, now: number): number;
  /** One processor's node to another's. */
  across(from: number, to: number, now: number): number;
  /** Whether a memory module is a processor's own. */
  isLocal(node: number, home: number): boolean;
  /** What each link has carried, if anything. */
  traffic(): TrafficRow[];
}
