/**
 * The scheduling policy: which thread runs next on a hart, and where a new thread is placed.
 *
 * A policy is code; its queues are words of HART. KernelOptions names one; the number of its row is in every
 * hart's HART, so that the choice, too, is in emulated memory.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { roundRobin } from './round-robin.ts';

export interface Policy {
  readonly name: string;
  readonly summary: string;
  /** Puts a runnable thread into the queue of the hart at `local`; gives 1 if nothing waited there before. */
  enqueue(local: number, thread: number): Code<number>;
  /** Takes the next thread of the hart; gives 0 if there is none. */
  pick(local: number): Code<number>;
  /** How many threads wait on the hart. */
  waiting(local: number): Code<number>;
  /** The hart for a thread that may run anywhere. */
  place(local: number): Code<number>;
}

/** All policies; a kernel option names one. */
export const POLICIES: readonly Policy[] = Object.freeze([roundRobin]);

/** The policy of this machine. */
export function* policyOf(local: number): Code<Policy> {
  return POLICIES[yield load(local + HART.policy)] ?? roundRobin;
}
