/** Every bug of the zoo's bare part. */
import { barrierWithoutSense } from './barriers/central.ts';
import { disseminationWithoutParity } from './barriers/dissemination.ts';
import type { Bug } from './bug.ts';
import { locksInBothOrders } from './locks/both-orders.ts';
import { clhNodeKept } from './locks/clh.ts';
import { mcsFlagSetAfterLinking, mcsReleaseWithoutSwap } from './locks/mcs.ts';
import { petersonWithoutFence } from './locks/peterson.ts';
import { testedThenSet } from './locks/tested-then-set.ts';
import { ticketDrawnInTwo } from './locks/ticket.ts';
import { ownCallsAwaited } from './objects/active-calls.ts';
import { oneGenerationAwaited } from './objects/generations.ts';
import { migratingSum } from './objects/migrating-sum.ts';
import { countReadAgain } from './objects/references.ts';
import { twoRepresentatives } from './objects/representatives.ts';
import { snapshotTorn } from './objects/snapshot.ts';
import { stackPoppedTwice } from './objects/stacks.ts';
import { childMissed } from './waiting/children.ts';
import { completionOverwritten } from './waiting/completion.ts';
import { conditionNotTestedAgain } from './waiting/condition.ts';
import { reservationKept } from './waiting/reservation.ts';
import { wakeUpLost } from './waiting/wakeup.ts';

export const ZOO: readonly Bug[] = [
  mcsReleaseWithoutSwap,
  mcsFlagSetAfterLinking,
  testedThenSet,
  ticketDrawnInTwo,
  clhNodeKept,
  petersonWithoutFence,
  barrierWithoutSense,
  disseminationWithoutParity,
  wakeUpLost,
  conditionNotTestedAgain,
  childMissed,
  ownCallsAwaited,
  oneGenerationAwaited,
  countReadAgain,
  twoRepresentatives,
  migratingSum,
  stackPoppedTwice,
  reservationKept,
  snapshotTorn,
  completionOverwritten,
  locksInBothOrders,
];
