/**
 * What every barrier looks like: a view on words of emulated memory, for a fixed number of participants.
 * Words that are all zero are a barrier that is ready for use.
 */
import type { Code } from '../../../hw/isa/index.ts';
import type { Placement } from '../placement.ts';

export interface Barrier {
  /**
   * Waits until every participant has called this. The barrier can be used again at once.
   * @param index which participant calls: 0 up to their number
   */
  wait(index: number): Code;
}

/** One kind of barrier: how much memory it takes, and its view. */
export interface BarrierKind {
  readonly id: string;
  readonly summary: string;
  /**
   * Whether participants share no memory and send messages: one on each node of a cluster, each with the barrier at
   * the same address of its own memory, which begins with the node's `Inbox`.
   */
  readonly messages?: boolean;
  /** Whether a waiter gives up its hart, which takes a kernel. */
  readonly blocking?: boolean;
  /** Bytes of a barrier for so many participants, own parts included. */
  size(participants: number): number;
  /** Bytes of each participant's own part, a multiple of LINE; none if left out. */
  ownSize?(participants: number): number;
  /**
   * The barrier at an address (a multiple of LINE).
   * @param own where the own parts lie, each best in memory near its participant; left out, all at the end
   */
  at(address: number, participants: number, own?: Placement): Barrier;
}

/** Rounds until everybody has heard of everybody: log2, rounded up. */
export const roundsFor = (participants: number): number => Math.ceil(Math.log2(participants));
