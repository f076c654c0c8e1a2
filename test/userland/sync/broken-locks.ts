/** Locks with known bugs, each of which the exercises must catch. */
import {
  type Code,
  fetchAndStore,
  load,
  type LockKind,
  pause,
  spinUntil,
  store,
  testAndSet,
} from '../../../userland/index.ts';

const kind = (id: string, fifo: boolean, at: LockKind['at'], nodeSize = 0): LockKind => ({
  id,
  summary: 'A broken lock',
  fifo,
  blocking: false,
  size: () => 4,
  nodeSize,
  at,
});

/** Looks, and then takes: two harts can look before either has taken. */
const lookThenTake = kind('look-then-take', false, (word) => ({
  *acquire(): Code {
    while ((yield load(word)) !== 0) yield pause();
    yield store(word, 1);
  },
  *release(): Code {
    yield store(word, 0);
  },
}));

/** An MCS lock whose release does not ask again whether somebody joined: the one who did waits for ever. */
const mcsWithoutCompare = kind(
  'mcs-without-compare',
  true,
  (tail) => ({
    *acquire(node): Code {
      yield store(node, 0);
      yield store(node + 4, 0);
      const predecessor = yield fetchAndStore(tail, node);
      if (predecessor === 0) return;
      yield store(predecessor, node);
      yield spinUntil(node + 4, 1);
    },
    *release(node): Code {
      const successor = yield load(node);
      if (successor === 0) yield store(tail, 0);
      else yield store(successor + 4, 1);
    },
  }),
  8,
);

/** An MCS lock that resets its flag after it has joined: the predecessor's signal can be overwritten. */
const mcsLateReset = kind(
  'mcs-late-reset',
  true,
  (tail) => ({
    *acquire(node): Code {
      yield store(node, 0);
      const predecessor = yield fetchAndStore(tail, node);
      if (predecessor === 0) return;
      yield store(predecessor, node);
      yield store(node + 4, 0);
      yield spinUntil(node + 4, 1);
    },
    *release(node): Code {
      let successor = yield load(node);
      if (successor === 0) {
        if ((yield fetchAndStore(tail, 0)) === node) return;
        while (successor === 0) successor = yield load(node);
      }
      yield store(successor + 4, 1);
    },
  }),
  8,
);

export const BROKEN_LOCKS: readonly LockKind[] = [lookThenTake, mcsWithoutCompare, mcsLateReset];

/** Excludes, but promises an order that it does not keep. */
export const UNFAIR_LOCK: LockKind = kind('unfair', true, (word) => ({
  *acquire(): Code {
    while ((yield testAndSet(word)) !== 0) yield pause();
  },
  *release(): Code {
    yield store(word, 0);
  },
}));
