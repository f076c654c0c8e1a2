/** Programs that go wrong, each in one way. */
import {
  addressOf,
  type Code,
  type Env,
  joinThread,
  load,
  MAP,
  mmap,
  futexWait,
  program,
  type Program,
  report,
  sleep,
  spawnThread,
  spinUntil,
  store,
  threadSpawn,
  work,
} from '../../../userland/index.ts';
import { waitForInterrupt } from '../../../hw/isa/index.ts';

const bad = (name: string, main: (env: Env) => Code<number | void>): Program =>
  program({ name, summary: 'goes wrong', main });

export const badPointer = bad('bad-pointer', function* () {
  yield load(0x4000_0000);
});

export const writesCode = bad('writes-code', function* () {
  yield store(yield addressOf(forEver), 1);
});

export const misaligned = bad('misaligned', function* () {
  yield load(0x1_0001);
});

export const privileged = bad('privileged', function* () {
  yield waitForInterrupt();
});

export const throws = bad('throws', function* () {
  yield work(1);
  throw new RangeError('thrown on purpose');
});

export const yieldsNonsense = bad('yields-nonsense', function* () {
  yield 42 as never;
});

export const neverYields = bad('never-yields', function* () {
  yield work(1);
  for (;;);
});

export const exitsWithThreads = bad('exits-with-threads', function* () {
  yield* spawnThread(forEver, 0);
  yield* spawnThread(forEver, 0);
  return 0;
});

export const status7 = bad('status-7', function* () {
  yield work(1);
  return 7;
});

export const failsCheck = bad('fails-check', function* (env) {
  yield* report(env, 'sum', false, '3 of 4');
});

export const forgetsCheck = program({
  name: 'forgets-check',
  summary: 'goes wrong',
  checks: ['sum'],
  *main() {
    yield work(1);
  },
});

export const futexDeadlock = bad('futex-deadlock', function* () {
  const word = yield* mmap(0, 4096, MAP.READ | MAP.WRITE, 0);
  yield* futexWait(word, 0, 0);
});

export const joinDeadlock = bad('join-deadlock', function* (env) {
  const word = yield* mmap(0, 4096, MAP.READ | MAP.WRITE, 0);
  yield* joinThread(env, yield* spawnThread(spins, word));
});

/** Two spinning threads of one hart take turns for ever: the timer keeps the machine busy. */
export const spinningPair = bad('spinning-pair', function* () {
  const word = yield* mmap(0, 4096, MAP.READ | MAP.WRITE, 0);
  yield* threadSpawn(yield addressOf(spins), word, 0);
  yield spinUntil(word + 4, 1);
});

/** The same, but a third thread will end it. */
export const spinningPairThatIsSaved = bad('spinning-pair-saved', function* () {
  const word = yield* mmap(0, 4096, MAP.READ | MAP.WRITE, 0);
  yield* threadSpawn(yield addressOf(spins), word, 0);
  yield* threadSpawn(yield addressOf(savesLater), word, 1);
  yield spinUntil(word + 4, 1);
});

function* spins(word: number): Code {
  yield spinUntil(word, 1);
}

function* savesLater(word: number): Code {
  yield* sleep(400_000_000);
  yield store(word, 1);
  yield store(word + 4, 1);
}

function* forEver(): Code {
  for (;;) yield work(100);
}

export const bareThrows = program({
  name: 'bare-throws',
  summary: 'goes wrong',
  *main() {
    yield work(1);
  },
  *bare(env) {
    if (env.hart() === 1) throw new Error('thrown on purpose');
    yield work(1);
  },
});

export const bareDeadlock = program({
  name: 'bare-deadlock',
  summary: 'goes wrong',
  *main() {
    yield work(1);
  },
  *bare(env) {
    yield spinUntil(yield* env.memory(), env.hart() + 1);
  },
});

export const bareNeverYields = program({
  name: 'bare-never-yields',
  summary: 'goes wrong',
  *main() {
    yield work(1);
  },
  *bare(env) {
    yield work(1);
    if (env.hart() === 2) for (;;);
  },
});
