/**
 * The scheduling policies there are. A kernel option names one, or is one; the number of its row is in every hart's
 * HART, so that the choice, too, is in emulated memory.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { fcfs } from './fcfs.ts';
import { fixedProcessor } from './fixed-processor.ts';
import type { Policy } from './policy.ts';
import { roundRobin } from './round-robin.ts';

/** All policies that can be named, the default first. */
export const POLICIES: readonly Policy[] = Object.freeze([roundRobin, fcfs, fixedProcessor]);

/** The policy of this machine. */
export function* policyOf(local: number): Code<Policy> {
  return POLICIES[yield load(local + HART.policy)] ?? roundRobin;
}
