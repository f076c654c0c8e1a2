/** The kinds of barrier, in the order in which they are listed. */
import type { BarrierKind } from './barrier.ts';
import { combiningTreeBarrier } from './combining-tree.ts';
import { countingBarrier } from './counting.ts';
import { disseminationBarrier } from './dissemination.ts';
import { disseminationMessagesBarrier } from './dissemination-messages.ts';
import { futexBarrier, spinThenBlockBarrier } from './futex.ts';
import { kernelBarrier } from './kernel.ts';
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

/** Those in which a waiter sleeps in the kernel. */
export const BLOCKING_BARRIERS: readonly BarrierKind[] = [futexBarrier, spinThenBlockBarrier, kernelBarrier];

/** Those over messages, for a cluster. */
export const MESSAGE_BARRIERS: readonly BarrierKind[] = [
  tournamentMessagesBarrier,
  disseminationMessagesBarrier,
];
