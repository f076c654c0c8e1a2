/**
 * Deadlock: a cycle of actors of which each waits for what the next one has. It is looked for whenever somebody
 * begins to wait, so that it is found also where waiters poll for ever and the machine never stands still.
 *
 * What can be waited for: a lock (by its marks), and the end of a thread (`threadJoin`). If the run ends in a
 * deadlock without such a cycle, whoever waits for a lock is named with its holder.
 */
import { SYSCALL } from '../../../kernel/abi/index.ts';
import type { Actor } from '../actor.ts';
import type { Detector, LockStep, RunEnd, SystemCall, Watch } from '../detector.ts';
import type { Involved } from '../finding.ts';
import { atCycle, located } from '../words.ts';
import { lockOf } from './held-locks.ts';

/** Who waits for whom, for what, since when. */
interface Edge {
  readonly who: Actor;
  readonly whom: Actor;
  readonly since: number;
  /** `for the lock at 0x… that … holds`. */
  readonly text: string;
  readonly address?: number;
}

export class DeadlockDetector implements Detector {
  private readonly watch: Watch;
  /** The thread whose end an actor waits for. */
  private readonly joins = new Map<Actor, SystemCall>();
  private readonly threads = new Map<string, Actor>();
  private found = 0;

  constructor(watch: Watch) {
    this.watch = watch;
  }

  /** Whether some actors can never go on. */
  get isStuck(): boolean {
    return this.found > 0;
  }

  started(who: Actor): void {
    this.threads.set(threadKey(who.space, who.thread), who);
  }

  ended(who: Actor): void {
    if (who.user) this.threads.delete(threadKey(who.space, who.thread));
    this.joins.delete(who);
  }

  lock({ what, who, cycle }: LockStep): void {
    if (what === 'wanted') this.look(who, cycle);
  }

  called(call: SystemCall): void {
    if (call.number !== SYSCALL.threadJoin) return;
    this.joins.set(call.who, call);
    this.look(call.who, call.cycle);
  }

  returned({ who }: SystemCall): void {
    this.joins.delete(who);
  }

  finish({ deadlock, cycle }: RunEnd): void {
    if (!deadlock || this.found > 0) return;
    for (const [who] of this.watch.locks.waiting()) {
      const [edge] = this.edgesFrom(who);
      if (edge !== undefined) this.report('at the end', [edge], cycle);
    }
  }

  private look(from: Actor, cycle: number): void {
    const edges = this.pathBack(from, from, new Set());
    if (edges !== undefined) this.report('deadlock', edges, cycle);
  }

  // DOC: wait-cycle
  /** Follows whom an actor waits for, until that is `goal`. */
  private pathBack(at: Actor, goal: Actor, seen: Set<Actor>): Edge[] | undefined {
    seen.add(at);
    for (const edge of this.edgesFrom(at)) {
      if (edge.whom === goal) return [edge];
      const rest = seen.has(edge.whom) ? undefined : this.pathBack(edge.whom, goal, seen);
      if (rest !== undefined) return [edge, ...rest];
    }
    return undefined;
  }

  /** Whom an actor waits for. */
  private edgesFrom(who: Actor): Edge[] {
    const { locks } = this.watch;
    const wait = locks.waitOf(who);
    if (wait !== undefined) {
      const { space, address } = lockOf(wait.lock);
      const where = located(address, this.watch.place(space, address));
      return locks.holdersOf(wait.lock).map(({ who: whom }) => {
        const holder = whom === who ? 'it holds itself' : `${whom.name} holds`;
        return { who, whom, since: wait.since, address, text: `for the lock at ${where}, which ${holder}` };
      });
    }
    const join = this.joins.get(who);
    const whom = join && this.threads.get(threadKey(who.space, join.arguments[0]));
    if (join === undefined || whom === undefined) return [];
    return [{ who, whom, since: join.cycle, text: `for the end of ${whom.name}` }];
  }

  private report(what: string, edges: readonly Edge[], cycle: number): void {
    this.found++;
    const waits = edges.map(({ who, since, text }) => `${who.name} waits since ${atCycle(since)} ${text}`);
    const address = edges.find((edge) => edge.address !== undefined)?.address;
    const involved = edges.map(
      ({ who, since, text }): Involved => ({
        who: who.name,
        hart: who.hart,
        cycle: since,
        instruction: `waits ${text}`,
      }),
    );
    this.watch.report({
      message: `${what}: ${waits.join('; ')}`,
      cycle,
      ...(address === undefined ? {} : { address }),
      involved,
    });
  }
}

const threadKey = (space: number, thread: number): string => `${space}:${thread}`;
