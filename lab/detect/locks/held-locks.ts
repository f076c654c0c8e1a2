/** Who holds which lock and who waits for it, as the marks of the locks say. Shared by detectors. */
import type { Actor } from '../actor.ts';
import type { Lock, LockStep } from '../detector.ts';

/** A lock as one number: its memory and its address. */
export type LockKey = number;

const SPACE = 2 ** 32;
export const lockKey = ({ space, address }: Lock): LockKey => space * SPACE + (address >>> 0);
export const lockOf = (key: LockKey): Lock => ({ space: Math.floor(key / SPACE), address: key % SPACE });

interface Wait {
  readonly lock: LockKey;
  readonly since: number;
}

interface Hold {
  readonly who: Actor;
  readonly since: number;
}

export class HeldLocks {
  private readonly holders = new Map<LockKey, readonly Hold[]>();
  private readonly held = new Map<Actor, LockKey[]>();
  private readonly waits = new Map<Actor, Wait>();

  /** The lock that an actor waits for. */
  waitOf(who: Actor): Wait | undefined {
    return this.waits.get(who);
  }

  /** All actors that wait for locks. */
  waiting(): Iterable<[Actor, Wait]> {
    return this.waits;
  }

  /** Whoever holds a lock: several readers, it may be. */
  holdersOf(lock: LockKey): readonly Hold[] {
    return this.holders.get(lock) ?? [];
  }

  /** The locks that an actor holds, in the order of taking. */
  heldBy(who: Actor): readonly LockKey[] {
    return this.held.get(who) ?? [];
  }

  /** Detectors are told afterwards. */
  note({ what, lock, who, cycle }: LockStep): void {
    const key = lockKey(lock);
    if (what === 'wanted') {
      this.waits.set(who, { lock: key, since: cycle });
      return;
    }
    if (what === 'acquired') {
      this.waits.delete(who);
      this.holders.set(key, [...this.holdersOf(key), { who, since: cycle }]);
      this.held.set(who, [...this.heldBy(who), key]);
      return;
    }
    // Whoever gives it up is mostly who took it; a lock may allow another one to.
    const holds = this.holdersOf(key);
    const own = holds.find((hold) => hold.who === who) ?? holds[0];
    if (own === undefined) return;
    this.holders.set(
      key,
      holds.filter((hold) => hold !== own),
    );
    this.held.set(
      own.who,
      this.heldBy(own.who).filter((each) => each !== key),
    );
  }

  /** The actor is gone. What it holds stays held. */
  forget(who: Actor): void {
    this.waits.delete(who);
  }

  /** A process is gone, and its locks with it. */
  forgetSpace(space: number): void {
    for (const [key, holds] of this.holders) {
      if (lockOf(key).space !== space) continue;
      this.holders.delete(key);
      for (const { who } of holds) this.held.delete(who);
    }
  }
}
