/**
 * The scheduling policy: which thread runs next on a hart, and on which hart a thread runs.
 *
 * A policy is code. Its queues and all that it remembers are words in emulated memory: of HART, of THREAD, of its run
 * queue. Round robin writes this interface out; all others are disciplines (discipline.ts), from which `queued` makes
 * a policy.
 */
import type { Code } from '../../hw/isa/index.ts';
import type { DegreeName } from './discipline.ts';

export interface Policy {
  readonly name: string;
  readonly summary: string;
  /** Whether a thread may go on on another hart than the one on which it was last. */
  readonly roams: boolean;
  /** How many harts share a run queue, unless an option says otherwise; undefined: the policy uses the words of HART. */
  readonly degree: DegreeName | undefined;
  /** Whether idle harts take threads from the queues of others, unless an option says otherwise. */
  readonly steals: boolean;
  /** Whether slices end on all harts at once, at multiples of their length. */
  readonly slotted: boolean;
  /** Whether each thread needs a ledger (ledger.ts). */
  readonly hasLedger: boolean;
  /** Queues a runnable thread; gives the hart that has to be interrupted for it, or -1. */
  ready(local: number, thread: number): Code<number>;
  /** Takes the next thread of this hart; gives 0 if there is none. */
  pick(local: number): Code<number>;
  /** If it wants to know: the thread that was on this hart has left it; called before any other hart may have that thread. */
  readonly leaves: ((local: number, thread: number) => Code) | undefined;
  /** Before this hart sleeps: gives whether it should look again at once. */
  idle(local: number): Code<boolean>;
  /** Whether a thread that goes to user mode needs a time slice. */
  slices(local: number, thread: number): Code<boolean>;
  /** What a thread is ranked by has changed: gives the hart that has to be interrupted, or -1. */
  reranked(local: number, thread: number): Code<number>;
  /** Whether any thread waits for this hart. */
  waiting(local: number): Code<boolean>;
  /** The hart for a new thread that may run anywhere. */
  place(local: number): Code<number>;
  /** Makes a runnable thread the next one of this hart; gives whether it could. */
  hasten(local: number, thread: number): Code<boolean>;
}
