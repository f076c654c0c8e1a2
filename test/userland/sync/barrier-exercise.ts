/**
 * What a barrier is put through, written once for every kind: episode after episode without a pause between
 * them, each participant at its own pace. Whoever passes looks whether all others have arrived.
 */
import type { Stop } from '../../../hw/machine.ts';
import { type BarrierKind, fetchAndAdd, LINE, load, store, work } from '../../../userland/index.ts';
import { type Trial, tryBare } from './machines.ts';

const EARLY = 0;
const FINISHED = LINE;
const EPISODES = 2 * LINE;
const BARRIER = 1024 * LINE;
/** The number of episodes that a hart has arrived at. */
const episodeOf = (hart: number): number => EPISODES + hart * LINE;

export interface Episodes {
  readonly stop: Stop;
  /** How often somebody passed before another had arrived. */
  readonly early: number;
  /** How many harts came to the end. */
  readonly finished: number;
}

/** All harts meet `episodes` times. */
export function meet(kind: BarrierKind, trial: Trial, episodes: number): Episodes {
  const { stop, word } = tryBare(trial, function* (env) {
    const memory = yield* env.memory();
    const harts = yield* env.harts();
    const barrier = kind.at(memory + BARRIER, harts);
    for (let episode = 1; episode <= episodes; episode++) {
      // One hart after another is late, and now and then nobody is.
      yield work(episode % (harts + 1) === env.hart() ? 2000 : 1);
      yield store(memory + episodeOf(env.hart()), episode);
      yield* barrier.wait(env.hart());
      for (let other = 0; other < harts; other++) {
        if ((yield load(memory + episodeOf(other))) < episode) yield fetchAndAdd(memory + EARLY, 1);
      }
    }
    yield fetchAndAdd(memory + FINISHED, 1);
  });
  return { stop, early: word(EARLY), finished: word(FINISHED) };
}
