/** The kinds of barrier, in the order in which they are listed. */
import type { BarrierKind } from './barrier.ts';
import { combiningTreeBarrier } from './combining-tree.ts';
import { countingBarrier } from './counting.ts';
import { disseminationBarrier } from './dissemination.ts';
import { disseminationMessagesBarrier } from './dissemination-messages.ts';
import { mcsTreeBarrier, mcsTreeFlagBarrier } from './mcs-tree.ts';
import { senseReversingBarrier } from './sense-reversing.ts';
import { tournamentBarrier } from './tournament.ts';
import { tournamentMessagesBarrier } from './tournament-messages.ts';

export type { Barrier, BarrierKind } from './barrier.ts';
export { mcsTreeOfArity } from './mcs-tree.ts';
export { SenseReversingBarrier } from './sense-reversing.ts';

/** Those in memory that all participants share. */
export const BARRIERS: readonly BarrierKind[] = [
  countingBarrier,
  senseReversingBarrier,
  combiningTreeBarrier,
  mcsTreeBarrier,
  mcsTreeFlagBarrier,
  tournamentBarrier,
  disseminationBarrier,
];

/** Those over messages, for a cluster. */
export const MESSAGE_BARRIERS: readonly BarrierKind[] = [
  tournamentMessagesBarrier,
  disseminationMessagesBarrier,
];
