/** Bugs of synchronization objects, each a change of one source file, that random scenes must meet. */
import type { Change } from '../../zoo/kernel/planted.ts';

export interface Planted extends Change {
  readonly name: string;
  readonly shows: RegExp;
}

const RWLOCK = 'kernel/sync/rwlock.ts';
const MUTEX = 'kernel/sync/mutex.ts';
const BARRIER = 'kernel/sync/barrier.ts';

export const BUGS: readonly Planted[] = [
  {
    name: 'a reader that leaves wakes nobody',
    file: RWLOCK,
    edits: [
      [
        'if ((yield load(rep + RWLOCK.closed)) === 0) return;\n  const home',
        'if ((yield load(rep + RWLOCK.closed)) >= 0) return;\n  const home',
      ],
    ],
    shows: /budget|deadlock|wait for rwlock/,
  },
  {
    name: 'a reader does not look whether the lock is closed',
    file: RWLOCK,
    edits: [
      ['if ((yield load(rep + RWLOCK.closed)) === 0) {', 'if ((yield load(rep + RWLOCK.closed)) >= 0) {'],
    ],
    shows: /status (2|3|31) /,
  },
  {
    name: 'a writer is let in beside those that read',
    file: RWLOCK,
    edits: [['if (writes && (yield* readersOf(home)) !== 0) break;', '']],
    shows: /status (2|3|31) /,
  },
  {
    name: 'a mutex is given up, and handed to nobody',
    file: MUTEX,
    edits: [['else yield* lockedPassOn(mutex);', '']],
    shows: /budget|deadlock/,
  },
  {
    name: 'the next holder is not told that the last one ended',
    file: MUTEX,
    edits: [
      [
        'yield store(mutex + MUTEX.state, LOCK_STATE.orphaned);\n  yield* lockedPassOn',
        'yield* lockedPassOn',
      ],
    ],
    shows: /status (6|31) /,
  },
  {
    name: 'a post is for one who waits and is counted, too',
    file: 'kernel/sync/semaphore.ts',
    edits: [['count + left', 'count + amount']],
    shows: /status 4 /,
  },
  {
    name: 'an arrival that is taken back leaves its leaf counted at the top',
    file: BARRIER,
    edits: [['(yield load(home + BARRIER.topCount)) - posted', 'yield load(home + BARRIER.topCount)']],
    shows: /status 5 |barrier|deadlock/,
  },
  {
    name: 'a member passes that came back before its leaf had heard',
    file: BARRIER,
    edits: [
      [
        'if ((yield load(leaf + BARRIER.generation)) !== generation) yield* lockedRenew(leaf, generation);\n  const arrived',
        'const arrived',
      ],
    ],
    shows: /status|deadlock/,
  },
  {
    name: 'a thread that ends keeps what it read',
    file: 'kernel/sync/abandon.ts',
    edits: [
      ['yield* leaveRead(place);', 'yield store(place, 0);'],
      ['import { type Code, load }', 'import { type Code, load, store }'],
      ['import { abandonWrite, leaveRead }', 'import { abandonWrite }'],
    ],
    shows: /budget|deadlock|rwlock|status 31 /,
  },
];
