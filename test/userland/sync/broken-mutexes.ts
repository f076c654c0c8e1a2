/** Blocking mutexes with known bugs, each of which the exercise must catch. */
import {
  type Code,
  compareAndSwap,
  fetchAndStore,
  futexWait,
  futexWake,
  type LockKind,
} from '../../../userland/index.ts';

const FREE = 0;
const HELD = 1;
const CONTENDED = 2;

const kind = (id: string, at: LockKind['at']): LockKind => ({
  id,
  summary: 'A broken mutex',
  fifo: false,
  blocking: true,
  size: () => 4,
  nodeSize: 0,
  at,
});

/** Whoever was woken forgets that others may still wait: they are never woken. */
const forgetsOthers = kind('forgets-others', (word) => ({
  *acquire(): Code {
    while ((yield compareAndSwap(word, FREE, HELD)) !== FREE) {
      if ((yield compareAndSwap(word, HELD, CONTENDED)) !== FREE) yield* futexWait(word, CONTENDED, 0);
    }
  },
  *release(): Code {
    if ((yield fetchAndStore(word, FREE)) === CONTENDED) yield* futexWake(word, 1);
  },
}));

/** Wakes nobody who did not announce itself, and nobody does. */
const neverAnnounces = kind('never-announces', (word) => ({
  *acquire(): Code {
    while ((yield compareAndSwap(word, FREE, HELD)) !== FREE) yield* futexWait(word, HELD, 0);
  },
  *release(): Code {
    if ((yield fetchAndStore(word, FREE)) === CONTENDED) yield* futexWake(word, 1);
  },
}));

export const BROKEN_MUTEXES: readonly LockKind[] = [forgetsOthers, neverAnnounces];
