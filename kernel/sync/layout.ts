/**
 * Synchronization objects that programs have by handle: how their representatives lie in memory. All begin alike; a
 * kind that has several representatives copies what comes before `lock`.
 *
 * *Locking:*
 *   fixed before anybody knows the object   class … home, members, leaves
 *   `lock`                                  dead, queue, and what is said below
 *   lock of the root                        closed, on all representatives together
 *   the thread that holds the lock          heldNext
 */
import { LIMIT } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { onLine, struct, word, words } from '../struct.ts';

const HEADER = {
  class: word,
  root: word,
  /** What user programs know the object by, and the number of the process that it belongs to. */
  handle: word,
  owner: word,
  /** The first representative: what there is only once is there. */
  home: word,
  /** Reader-writer lock: whether readers must ask at home. */
  closed: word,
  /** Barrier: how many meet, and how many representatives are leaves of the tree. */
  members: word,
  leaves: word,

  lock: onLine(),
  /** Set when the object is being destroyed: whoever still finds it gets EBADF. */
  dead: word,
  /** Threads that wait here. */
  queue: words(2),
} as const;

/** What all kinds have. */
export const SYNC = struct(HEADER);

/** How many bytes further representatives copy. */
export const FIXED_BYTES = SYNC.lock;

/** What a lock has that one thread can hold: that thread, LOCK_STATE, and the next lock that the thread holds. */
const HELD = { ...HEADER, holder: word, state: word, heldNext: word } as const;

export const MUTEX = struct(HELD);

/** `readers`, by fetch-and-add: threads that hold the lock to read and were counted here. The rest is used at home only. */
export const RWLOCK = struct({ ...HELD, readers: onLine() });

export const CONDITION = struct(HEADER);

export const SEMAPHORE = struct({ ...HEADER, count: word });

/**
 * A leaf of a barrier's tree; the first one is its top, too. `lock` guards the leaf, `topLock` the top; it is taken
 * first. A leaf whose generation is not that of the top has not been told yet that all have met.
 */
export const BARRIER = struct({
  ...HEADER,
  generation: word,
  /** Members that have arrived here, each with its bit; whether the top has been told that all of this leaf have. */
  count: word,
  posted: word,
  arrived: words(LIMIT.MEMBERS / 32),

  topLock: onLine(),
  topDead: word,
  topGeneration: word,
  topCount: word,
});

/** Class words of all kinds. Others have handles, too. */
export const SYNC_CLASSES: readonly number[] = Object.freeze([
  CLASS.mutex,
  CLASS.rwlock,
  CLASS.condition,
  CLASS.semaphore,
  CLASS.barrier,
]);

/** Whether what a lock guards can be relied on. */
export const LOCK_STATE = Object.freeze({
  good: 0,
  /** A holder has ended, and no later one has said that all is well again. */
  orphaned: 1,
  /** A holder that knew so has given the lock up without saying it: nobody gets it any more. */
  lost: 2,
});
