/** The kinds of barrier, in the order in which they are listed. */
import type { BarrierKind } from './barrier.ts';
import { senseReversingBarrier } from './sense-reversing.ts';

export type { Barrier, BarrierKind } from './barrier.ts';
export { SenseReversingBarrier } from './sense-reversing.ts';

export const BARRIERS: readonly BarrierKind[] = [senseReversingBarrier];
