/**
 * Whether a hart that has nothing to do should wait or steal, as a scene. Thread B has hart 2 and sleeps for a while;
 * its footprint stays in the cache. Thread X waits behind a long computation on hart 1, and may run on hart 2, too, where
 * it would have to load its own footprint, and drive out B's. How long until both have done a job?
 *
 * `--set kernel.procrastination=0` steals at once, a large one waits. It takes queues of harts:
 * `--set kernel.scheduler=fcfs --set kernel.objects.runQueue=hart`, and slices longer than the scene.
 */
import { type Code, load, store, work } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { LINE } from '../runtime/line.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { clock, mmap, sleep, yieldTo } from '../runtime/system-calls.ts';
import { joinThread, spawnThread } from '../runtime/thread.ts';
import { allowOn, awaitCue, giveCue } from './scene.ts';

const LEADER = 0;
const OTHER = 1;
const OWN = 2;
const PAUSE = 60_000;
const CLOCK_MASK = 0x7fff_ffff;

/** Words of the memory that all share; each cue, which holds the round that it was given in last, has a line. */
const RETURN = 0;
const START = LINE;
const READY = 2 * LINE;
const HOG = 3 * LINE;
const STOP = 4 * LINE;
const DONE_X = 5 * LINE;
const DONE_B = 6 * LINE;
const FACTS = 7 * LINE;
const SCRATCH = 8 * LINE;
/** Among the facts: parameters, and what is measured. */
const FOOTPRINT = FACTS;
const WAIT = FACTS + 4;
const ROUNDS = FACTS + 8;
const BEGUN = FACTS + 12;
const ENDED_X = FACTS + 16;
const ENDED_B = FACTS + 28;
const JOBS = FACTS + 20;
const THREAD_X = FACTS + 24;

export default program({
  name: 'procrastination',
  summary: 'A hart without work: does it pay to wait before it steals?',
  needs: ['shared-memory'],
  parameters: {
    footprint: {
      default: 24_576,
      min: LINE,
      max: 1 << 20,
      summary: 'Bytes that a job of either thread touches',
    },
    wait: { default: 20_000, min: 1, max: 1 << 24, summary: 'Cycles until the hart’s own thread comes back' },
    rounds: { default: 4, min: 1, max: 1000, summary: 'How often' },
  },
  checks: ['makespan', 'job'],

  *main(env, { footprint, wait, rounds }) {
    const harts = yield* env.harts();
    if (harts <= OWN) {
      yield* env.print(`procrastination needs ${OWN + 1} harts\n`);
      return 1;
    }
    const memory = orThrow('mmap', yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
    yield* allowOn(0, [LEADER], memory + SCRATCH);
    yield store(memory + FOOTPRINT, footprint);
    yield store(memory + WAIT, wait);
    yield store(memory + ROUNDS, rounds + 1);
    const stealable = yield* spawnThread(stolen, memory, OTHER);
    yield store(memory + THREAD_X, stealable);
    const threads = [
      stealable,
      yield* spawnThread(owner, memory, OWN),
      yield* spawnThread(hog, memory, OTHER),
    ];
    let makespan = 0;
    // The first round is not measured: all is cold.
    for (let round = 1; round <= rounds + 1; round++) {
      yield* pause();
      yield* allowOn(stealable, [OTHER], memory + SCRATCH);
      yield* giveCue(memory + RETURN, round);
      yield* pause();
      yield* allowOn(stealable, [OTHER, OWN], memory + SCRATCH);
      yield* giveCue(memory + HOG, round);
      yield* pause();
      yield* giveCue(memory + START, round);
      yield* awaitCue(memory + DONE_B, round);
      yield* awaitCue(memory + DONE_X, round);
      yield* giveCue(memory + STOP, round);
      const begun = yield load(memory + BEGUN);
      const x = ((yield load(memory + ENDED_X)) - begun) & CLOCK_MASK;
      const b = ((yield load(memory + ENDED_B)) - begun) & CLOCK_MASK;
      if (round > 1) makespan += Math.max(x, b);
    }
    for (const thread of threads) yield* joinThread(env, thread);
    const each = (sum: number): string => `${Math.round(sum / rounds)} cycles`;
    yield* report(env, 'makespan', true, each(makespan));
    yield* report(env, 'job', true, each(yield load(memory + JOBS)));
    return 0;
  },
});

function* pause(): Code {
  orThrow('sleep', yield* sleep(PAUSE));
}

/** X: comes back to its hart, and is then ready to be stolen from it. */
function* stolen(memory: number): Code {
  const footprint = yield load(memory + FOOTPRINT);
  const own = orThrow('mmap', yield* mmap(0, footprint, MAP.READ | MAP.WRITE, 0));
  const rounds = yield load(memory + ROUNDS);
  for (let round = 1; round <= rounds; round++) {
    yield* awaitCue(memory + RETURN, round);
    yield* awaitCue(memory + READY, round);
    yield* job(own, footprint);
    yield store(memory + ENDED_X, yield* clock());
    yield* giveCue(memory + DONE_X, round);
  }
}

// DOC: procrastination-owner
/** B: warms its cache, lets X become ready, and sleeps. When it comes back its cache is warm, or X has been here. */
function* owner(memory: number): Code {
  const footprint = yield load(memory + FOOTPRINT);
  const own = orThrow('mmap', yield* mmap(0, footprint, MAP.READ | MAP.WRITE, 0));
  const rounds = yield load(memory + ROUNDS);
  const wait = yield load(memory + WAIT);
  const x = yield load(memory + THREAD_X);
  for (let round = 1; round <= rounds; round++) {
    yield* awaitCue(memory + START, round);
    yield* job(own, footprint);
    yield* giveCue(memory + READY, round);
    yield store(memory + BEGUN, yield* clock());
    orThrow('sleep', yield* sleep(wait));
    const back = yield* clock();
    yield* job(own, footprint);
    const end = yield* clock();
    yield store(memory + ENDED_B, end);
    if (round > 1) yield store(memory + JOBS, (yield load(memory + JOBS)) + ((end - back) & CLOCK_MASK));
    // If X has not been here, it is its turn now. Otherwise it is not ready, and nothing happens.
    yield* yieldTo(x);
    yield* giveCue(memory + DONE_B, round);
  }
}

/** Keeps the other hart busy during each round. */
function* hog(memory: number): Code {
  const rounds = yield load(memory + ROUNDS);
  for (let round = 1; round <= rounds; round++) {
    yield* awaitCue(memory + HOG, round);
    while ((yield load(memory + STOP)) < round) yield work(500);
  }
}

function* job(memory: number, footprint: number): Code {
  for (let at = 0; at < footprint; at += LINE) {
    yield store(memory + at, (yield load(memory + at)) + 1);
    yield work(10);
  }
}
