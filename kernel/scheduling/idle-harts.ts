/**
 * The idle harts: a set of bits. A hart announces that it is idle first and looks for work second; who queues a thread
 * does that first and looks for idle harts second: one of them sees the other.
 *
 * Who wants a hart to look takes it out of the set, so that the next one takes another hart, and interrupts it.
 *
 * *Locking:* compare-and-swap; `idle` is this hart's own.
 */
import { type Code, fence, load, store } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { HartSet } from '../memory/hart-set.ts';
import { mayRunOn } from './affinity.ts';
import type { Discipline } from './discipline.ts';
import { nthNearest } from './nearest.ts';

/** The set, as a view: an address and nothing more. */
const idleSet = (): HartSet => new HartSet(GLOBAL + NODE_BLOCK.idleHarts);

/** This hart has nothing to do. What it looks for afterwards, it sees if it was there before. */
export function* announceIdle(local: number): Code {
  yield store(local + HART.idle, 1);
  yield* idleSet().add(yield load(local + HART.hart));
  yield fence();
}

/** This hart looks for itself from now on. */
export function* withdrawIdle(local: number): Code {
  if ((yield load(local + HART.idle)) === 0) return;
  yield store(local + HART.idle, 0);
  yield* idleSet().remove(yield load(local + HART.hart));
}

/** Makes a hart look if it is idle; gives whether it was. The caller interrupts it. */
export function* claimIdle(hart: number): Code<boolean> {
  yield fence();
  return yield* idleSet().remove(hart);
}

// DOC: claim-idle
/**
 * Claims an idle hart for a thread that has just been queued for the hart at `home`; gives it, or -1. It is one that
 * shares the queue, or else may steal from it; the one where the thread ranks highest, of equals the nearest.
 */
export function* claimBest(local: number, home: number, thread: number, rules: Discipline): Code<number> {
  yield fence();
  const harts = yield load(local + HART.harts);
  while ((yield* idleSet().next(0, harts)) >= 0) {
    const best = yield* bestIdle(local, home, thread, rules);
    if (best < 0 || (yield* idleSet().remove(best))) return best;
  }
  return -1;
}

function* bestIdle(local: number, home: number, thread: number, rules: Discipline): Code<number> {
  const harts = yield load(local + HART.harts);
  const queue = yield load(home + HART.runQueue);
  let thief = -1;
  let best = -1;
  let highest = 0;
  for (let distance = 0; distance < harts; distance += 1) {
    const hart = yield* nthNearest(home, distance);
    if (!(yield* idleSet().has(hart))) continue;
    const target = yield* localOf(local, hart);
    if (!(yield* mayRunOn(target, thread, rules.fixed === true))) continue;
    if ((yield load(target + HART.runQueue)) !== queue) {
      // One that procrastinates will look by itself.
      const waits = thief >= 0 || (yield load(target + HART.procrastinates)) !== 0;
      if (!waits) thief = hart;
      continue;
    }
    if (rules.rank === undefined) return hart;
    const rank = yield* rules.rank(target, thread);
    if (best >= 0 && rank <= highest) continue;
    best = hart;
    highest = rank;
  }
  if (best >= 0) return best;
  return (yield load(local + HART.steals)) !== 0 ? thief : -1;
}
