/**
 * What every barrier looks like: a view on words of emulated memory, for a fixed number of participants.
 * Words that are all zero are a barrier that is ready for use.
 */
import type { Code } from '../../../hw/isa/index.ts';

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
  /** Bytes of a barrier for so many participants. */
  size(participants: number): number;
  /** The barrier at an address (a multiple of LINE). */
  at(address: number, participants: number): Barrier;
}
