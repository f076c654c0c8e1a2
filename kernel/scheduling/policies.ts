/**
 * The scheduling policies there are. A kernel option names one, or is one; the number of its row is in every hart's
 * HART, so that the choice, too, is in emulated memory.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { cacheAware } from './cache-aware.ts';
import { dynamicPriority } from './dynamic-priority.ts';
import { fcfs } from './fcfs.ts';
import { fixedProcessor } from './fixed-processor.ts';
import { gang } from './gang.ts';
import { lastProcessor } from './last-processor.ts';
import { limitedMinimumIntervening } from './limited-minimum-intervening.ts';
import { minimumIntervening } from './minimum-intervening.ts';
import { minimumInterveningPlusQueue } from './minimum-intervening-plus-queue.ts';
import { ownPolicy } from './own-policies.ts';
import type { Policy } from './policy.ts';
import { roundRobin } from './round-robin.ts';
import { staticPriority } from './static-priority.ts';
import { weightedPriority } from './weighted-priority.ts';

/** All policies that can be named, the default first. */
export const POLICIES: readonly Policy[] = Object.freeze([
  roundRobin,
  fcfs,
  staticPriority,
  dynamicPriority,
  weightedPriority,
  fixedProcessor,
  lastProcessor,
  minimumIntervening,
  limitedMinimumIntervening,
  minimumInterveningPlusQueue,
  cacheAware,
  gang,
]);

/** The policy of this machine. */
export function* policyOf(local: number): Code<Policy> {
  const number = yield load(local + HART.policy);
  return POLICIES[number] ?? ownPolicy(number - POLICIES.length) ?? roundRobin;
}
