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
      const edge = this.edgeFrom(who);
      if (edge !== undefined) this.report('at the end', [edge], cycle);
    }
  }

  // DOC: wait-cycle
  /** Follows whom `from` waits for; back at `from`, it has found a cycle. */
  private look(from: Actor, cycle: number): void {
    const edges: Edge[] = [];
    const seen = new Set<Actor>();
    for (let at = from; !seen.has(at); ) {
      seen.add(at);
      const edge = this.edgeFrom(at);
      if (edge === undefined) return;
      edges.push(edge);
      at = edge.whom;
      if (at === from) return this.report('deadlock', edges, cycle);
    }
  }

  private edgeFrom(who: Actor): Edge | undefined {
    const { locks } = this.watch;
    const wait = locks.waitOf(who);
    if (wait !== undefined) {
      const whom = locks.holderOf(wait.lock)?.who;
      if (whom === undefined) return undefined;
      const { space, address } = lockOf(wait.lock);
      const where = located(address, this.watch.place(space, address));
      const holder = whom === who ? 'it holds itself' : `${whom.name} holds`;
      return { who, whom, since: wait.since, address, text: `for the lock at ${where}, which ${holder}` };
    }
    const join = this.joins.get(who);
    if (join === undefined) return undefined;
    const whom = this.threads.get(threadKey(who.space, join.arguments[0]));
    if (whom === undefined) return undefined;
    return { who, whom, since: join.cycle, text: `for the end of ${whom.name}` };
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
