/**
 * The notes' quiz on minimum intervening plus queue, as a scene: a thread Ty has been on two harts; so many others have
 * had each of them since, and so many wait there now. Ty becomes ready. Which hart does it get?
 *
 * Time slices must be longer than the scene: `--set kernel.slice=100000000`.
 */
import { type Code, load, store, work } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { currentHart, mmap, sleep } from '../runtime/system-calls.ts';
import { joinThread, spawnThread, type ThreadMain } from '../runtime/thread.ts';
import { allowOn, awaitCue, giveCue } from './scene.ts';

/** The harts; the thread that leads the scene is on another one. */
const LEADER = 0;
const U = 1;
const V = 2;
/** Long enough for a thread to run and sleep again. */
const PAUSE = 60_000;

/** Words of the memory that all share. */
const MOVE = 0;
const READY = 64;
const STOP = 128;
const RAN = 192;
const SCRATCH = 256;
/** Numbers of the threads, a word each, as many as there are so far. */
const COUNT = 320;
const NUMBERS = 384;

export default program({
  name: 'quiz',
  summary: 'The notes’ quiz: which hart a thread gets by affinity and queues',
  needs: ['shared-memory'],
  parameters: {
    interveningU: { default: 2, min: 1, max: 16, summary: 'Threads that have had hart 1 since' },
    queuedU: { default: 1, min: 0, max: 16, summary: 'Threads that wait for hart 1' },
    interveningV: { default: 1, min: 1, max: 16, summary: 'Threads that have had hart 2 since' },
    queuedV: { default: 4, min: 0, max: 16, summary: 'Threads that wait for hart 2' },
  },
  checks: ['ran'],

  *main(env, { interveningU, queuedU, interveningV, queuedV }) {
    const harts = yield* env.harts();
    if (harts <= V) {
      yield* env.print(`quiz needs ${V + 1} harts\n`);
      return 1;
    }
    const memory = orThrow('mmap', yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
    yield* allowOn(0, [LEADER], memory + SCRATCH);
    const ty = yield* spawnThread(thinker, memory, U);
    yield* pause();
    yield* allowOn(ty, [V], memory + SCRATCH);
    yield* giveCue(memory + MOVE);
    yield* pause();
    // From now on others have the harts that Ty was on.
    for (const [hart, count] of [
      [U, interveningU],
      [V, interveningV],
    ] as const) {
      for (let left = count; left > 1; left--)
        yield* joinThread(env, yield* spawnThread(passer, memory, hart));
      yield* begin(memory, keeper, hart);
      yield* pause();
    }
    for (let left = queuedU; left > 0; left--) yield* begin(memory, passer, U);
    for (let left = queuedV; left > 0; left--) yield* begin(memory, passer, V);
    yield* allowOn(ty, [U, V], memory + SCRATCH);
    yield* giveCue(memory + READY);
    yield* pause();
    yield* giveCue(memory + STOP);
    yield* joinThread(env, ty);
    for (let left = yield load(memory + COUNT); left > 0; left--)
      yield* joinThread(env, yield load(memory + NUMBERS + 4 * (left - 1)));
    const ran = (yield load(memory + RAN)) - 1;
    return (yield* report(env, 'ran', ran === U || ran === V, `on hart ${ran}`)) ? 0 : 1;
  },
});

/** Starts a thread that is waited for in the end. */
function* begin(memory: number, main: ThreadMain, hart: number): Code {
  const count = yield load(memory + COUNT);
  yield store(memory + NUMBERS + 4 * count, yield* spawnThread(main, memory, hart));
  yield store(memory + COUNT, count + 1);
}

function* pause(): Code {
  orThrow('sleep', yield* sleep(PAUSE));
}

// DOC: quiz-thread
/** Ty: is on one hart, then on the other, and says at last where it has come to. */
function* thinker(memory: number): Code {
  yield* awaitCue(memory + MOVE);
  yield* awaitCue(memory + READY);
  yield store(memory + RAN, 1 + (yield* currentHart()));
}

/** Has a hart for a moment. */
function* passer(): Code {
  yield work(100);
}

/** Has a hart until the scene is over. */
function* keeper(memory: number): Code {
  while ((yield load(memory + STOP)) === 0) yield work(500);
}
