/**
 * A discipline: what a scheduling policy decides, without the queues that it needs for that. `queued` makes a policy of
 * it (queued.ts). A policy of one's own is such an object: `--set kernel.scheduler=./mine.ts`.
 *
 * What a discipline remembers is in emulated memory: words of THREAD (threads/thread.ts), of HART, and `own` words of
 * the run queue, which its lock guards (run-queue.ts).
 */
import type { Code } from '../../hw/isa/index.ts';

/** How many harts share a run queue: all, those of a node, or none. */
export type DegreeName = 'shared' | 'node' | 'hart';

export interface Discipline {
  readonly name: string;
  readonly summary: string;
  /** How many harts share a run queue, unless `--set kernel.objects.runQueue=…` says otherwise. */
  readonly degree: DegreeName;
  /** Whether a thread stays on the hart on which it was placed. */
  readonly fixed?: boolean;
  /** Whether a hart without work takes some from another one's queue, unless `--set kernel.stealing=…` says otherwise. */
  readonly steals?: boolean;
  /** Whether slices end on all harts at once, at multiples of their length. */
  readonly slotted?: boolean;
  /** Whether a thread that becomes ready takes a hart from one of a lower rank. */
  readonly preempts?: boolean;
  /** Whether priorities and classes of threads count: `rank` is to see to priorities, `queued` sees to classes. */
  readonly hasClasses?: boolean;
  /** Whether each thread needs a ledger (ledger.ts). */
  readonly hasLedger?: boolean;
  /** The hart in whose queue a thread that is ready waits. Default: the one on which it was last. */
  route?(local: number, thread: number): Code<number>;
  /**
   * How good it is to run a thread on a hart now: of those in its queue the hart takes the highest, of equals the one
   * that came first. `target` is the hart's base; the hart may be another one than this. Default: all are equal.
   */
  rank?(target: number, thread: number): Code<number>;
  /** A thread comes into the queue: after a wait, or (`gaveWay`) because its slice was over or it said so. */
  queues?(local: number, thread: number, gaveWay: boolean): Code;
  /** A hart takes a thread out of a queue, whose lock it holds. */
  takes?(local: number, queue: number, thread: number): Code;
  /** A thread gets this hart. */
  runs?(local: number, thread: number): Code;
  /** The thread that was on this hart has left it. Nobody else has that thread yet. */
  leaves?(local: number, thread: number): Code;
}
