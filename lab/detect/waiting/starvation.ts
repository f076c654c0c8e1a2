/**
 * Starvation: somebody waits while others get the same thing again and again, a lock (by its marks), or a hart
 * that a thread was preempted on. The bound is a number of turns of others and not of cycles, so that it says the
 * same on a slow machine as on a fast one. A wait is reported once, when the bound is passed.
 */
import type { Actor } from '../actor.ts';
import type { Detector, LockStep, Watch } from '../detector.ts';
import { atCycle, located, named } from '../words.ts';
import { lockKey, lockOf, type LockKey } from '../locks/held-locks.ts';

interface Waiter {
  readonly since: number;
  overtaken: number;
}

/** Those who wait for one thing. */
type Queue = Map<Actor, Waiter>;

export class StarvationDetector implements Detector {
  private readonly watch: Watch;
  private readonly locks = new Map<LockKey, Queue>();
  /** Threads that could run, by hart. */
  private readonly ready = new Map<number, Queue>();
  private readonly lastOn = new Map<number, Actor>();

  constructor(watch: Watch) {
    this.watch = watch;
  }

  lock({ what, lock, who, cycle }: LockStep): void {
    const key = lockKey(lock);
    if (what === 'wanted') queueOf(this.locks, key).set(who, { since: cycle, overtaken: 0 });
    if (what !== 'acquired') return;
    const queue = queueOf(this.locks, key);
    queue.delete(who);
    this.overtake(queue, cycle, () => {
      const { space, address } = lockOf(key);
      return {
        what: `the lock at ${located(address, this.watch.place(space, address))}`,
        address,
      };
    });
  }

  preempted(who: Actor, cycle: number): void {
    queueOf(this.ready, who.hart).set(who, { since: cycle, overtaken: 0 });
  }

  resumed(who: Actor, cycle: number): void {
    for (const queue of this.ready.values()) queue.delete(who);
    if (this.lastOn.get(who.hart) === who) return;
    this.lastOn.set(who.hart, who);
    this.overtake(queueOf(this.ready, who.hart), cycle, () => ({ what: `hart ${who.hart}` }));
  }

  ended(who: Actor): void {
    for (const queue of [...this.locks.values(), ...this.ready.values()]) queue.delete(who);
  }

  /** Somebody else was served. */
  private overtake(queue: Queue, cycle: number, thing: () => { what: string; address?: number }): void {
    const { overtakes } = this.watch;
    for (const [who, waiter] of queue) {
      if (++waiter.overtaken !== overtakes + 1) continue;
      const { what, address } = thing();
      this.watch.report({
        message: `starvation: ${named(who)} waits for ${what} since ${atCycle(waiter.since)}; others have had it ${waiter.overtaken} times meanwhile`,
        cycle,
        ...(address === undefined ? {} : { address }),
        involved: [{ who: who.name, hart: who.hart, cycle: waiter.since, instruction: `waits for ${what}` }],
      });
    }
  }
}

function queueOf<Key>(queues: Map<Key, Queue>, key: Key): Queue {
  let queue = queues.get(key);
  if (queue === undefined) queues.set(key, (queue = new Map<Actor, Waiter>()));
  return queue;
}
