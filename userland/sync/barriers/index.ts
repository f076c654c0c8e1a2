/** The kinds of barrier, in the order in which they are listed. */
import type { BarrierKind } from './barrier.ts';
import { combiningTreeBarrier } from './combining-tree.ts';
import { countingBarrier } from './counting.ts';
import { disseminationBarrier } from './dissemination.ts';
import { mcsTreeBarrier, mcsTreeFlagBarrier } from './mcs-tree.ts';
import { senseReversingBarrier } from './sense-reversing.ts';
import { tournamentBarrier } from './tournament.ts';

export type { Barrier, BarrierKind } from './barrier.ts';
export { mcsTreeOfArity } from './mcs-tree.ts';
export { SenseReversingBarrier } from './sense-reversing.ts';

export const BARRIERS: readonly BarrierKind[] = [
  countingBarrier,
  senseReversingBarrier,
  combiningTreeBarrier,
  mcsTreeBarrier,
  mcsTreeFlagBarrier,
  tournamentBarrier,
  disseminationBarrier,
];
