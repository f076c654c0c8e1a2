/**
 * Locks and barriers under the kernel: more threads than harts, so that holders lose their hart in the middle of
 * a critical section, and blocked threads must be woken.
 */
import {
  addressOf,
  type Barrier,
  type BarrierKind,
  type Code,
  fetchAndAdd,
  LIMIT,
  LINE,
  load,
  type Lock,
  type LockKind,
  MAP,
  mmap,
  joinThread,
  orThrow,
  program,
  store,
  threadSpawn,
  work,
  yieldHart,
} from '../../../userland/index.ts';
import { type KernelOutcome, type KernelTrial, runUnderKernel } from '../kernel-run.ts';

const INDEX = 0;
const INSIDE = LINE;
const BAD = 2 * LINE;
const COUNT = 3 * LINE;
const EPISODES = 16 * LINE;
const NODES = 32 * LINE;
const NODE = 2 * LINE;
const OBJECT = 128 * LINE;
const ROUNDS = 10;
const THREADS_PER_HART = 3;

/** What stands in every line of a good run. */
export const GOOD = 'bad 0, count as expected';

/** All threads take a lock of this kind again and again. */
export const contendUnderKernel = (kind: LockKind, trial: KernelTrial): KernelOutcome =>
  exercise(trial, function* (memory, index, threads) {
    const lock: Lock = kind.at(memory + OBJECT, threads);
    const node = memory + NODES + index * NODE;
    for (let round = 0; round < ROUNDS; round++) {
      yield* lock.acquire(node);
      if ((yield fetchAndAdd(memory + INSIDE, 1)) !== 0) yield fetchAndAdd(memory + BAD, 1);
      const count = yield load(memory + COUNT);
      // Now and then the holder gives its hart away.
      if ((round + index) % 5 === 0) yield* yieldHart();
      yield work(round);
      yield store(memory + COUNT, count + 1);
      yield fetchAndAdd(memory + INSIDE, -1);
      yield* lock.release(node);
    }
  });

/** All threads meet again and again. */
export const meetUnderKernel = (kind: BarrierKind, trial: KernelTrial): KernelOutcome =>
  exercise(trial, function* (memory, index, threads) {
    const barrier: Barrier = kind.at(memory + OBJECT, threads);
    for (let round = 1; round <= ROUNDS; round++) {
      yield store(memory + EPISODES + 4 * index, round);
      yield* barrier.wait(index);
      for (let other = 0; other < threads; other++) {
        if ((yield load(memory + EPISODES + 4 * other)) < round) yield fetchAndAdd(memory + BAD, 1);
      }
      yield fetchAndAdd(memory + COUNT, 1);
    }
  });

function exercise(
  trial: KernelTrial,
  body: (memory: number, index: number, threads: number) => Code,
): KernelOutcome {
  const threads = trial.harts * THREADS_PER_HART;
  function* visitor(memory: number): Code {
    yield* body(memory, yield fetchAndAdd(memory + INDEX, 1), threads);
  }
  const main = program({
    name: 'exercise',
    summary: 'A test',
    *main(env) {
      const size = 8 * LIMIT.PAGE;
      const memory = orThrow('mmap', yield* mmap(0, size, MAP.READ | MAP.WRITE, 0));
      const entry = yield addressOf(visitor);
      const numbers: number[] = [];
      for (let i = 0; i < threads; i++) {
        numbers.push(orThrow('threadSpawn', yield* threadSpawn(entry, memory, i % trial.harts)));
      }
      for (const number of numbers) yield* joinThread(env, number);
      const bad = yield load(memory + BAD);
      const count = yield load(memory + COUNT);
      yield* env.print(`bad ${bad}, count ${count === threads * ROUNDS ? 'as expected' : count}\n`);
    },
  });
  return runUnderKernel(main, trial);
}
