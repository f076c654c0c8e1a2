/**
 * Users of a counter object of the kernel that has a copy on every hart: hart 0 adds to it, then all read, and so on.
 * How the kernel keeps the copies equal is an option of the kernel; the program is the same.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { COUNTER_POLICY, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import {
  counterAdd,
  counterCreate,
  counterRead,
  Env,
  joinThread,
  mmap,
  orThrow,
  place,
  program,
  spawnThread,
} from '../../../userland/index.ts';
import { SenseReversingBarrier } from '../../../userland/sync/barriers/sense-reversing.ts';
import { WARM_UP } from './callers.ts';

/** Scenes with the kernel's own object, and `kernel.objects.consistency` in each. */
export const CONSISTENCIES: Readonly<Record<string, string>> = Object.freeze({
  'counter-memory': 'shared',
  'counter-calls': 'calls',
});

const BARRIER = 0;
const COUNTER = 256;
const ROUNDS = 260;
const HARTS = 264;
const THREADS = 512;

export const counterCallers = program({
  name: 'counter-callers',
  summary: 'The users of a counter of the kernel in the experiment ppc',
  parameters: { rounds: { default: 1, min: 1, max: 1_000_000, summary: 'How often' } },
  *main(env, { rounds }) {
    const harts = yield* env.harts();
    const memory = orThrow('mmap', yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
    yield store(
      memory + COUNTER,
      orThrow('counterCreate', yield* counterCreate(COUNTER_POLICY.REPLICATED, 1)),
    );
    yield store(memory + ROUNDS, rounds);
    yield store(memory + HARTS, harts);
    for (let hart = 1; hart < harts; hart++)
      yield store(memory + THREADS + 4 * hart, yield* spawnThread(inTurn, memory, hart));
    yield* inTurn(memory, env.block);
    for (let hart = 1; hart < harts; hart++) yield* joinThread(env, yield load(memory + THREADS + 4 * hart));
  },
});

function* inTurn(memory: number, block: number): Code<number> {
  const hart = yield* new Env(block).hart();
  const counter = yield load(memory + COUNTER);
  const last = WARM_UP + (yield load(memory + ROUNDS));
  const barrier = new SenseReversingBarrier(memory + BARRIER, yield load(memory + HARTS));
  for (let round = 1; round <= last; round++) {
    const measured = round > WARM_UP;
    yield* barrier.wait();
    if (hart === 0) {
      if (measured) yield* place('change');
      orThrow('counterAdd', yield* counterAdd(counter, 1));
      if (measured) yield* place('changed');
    }
    yield* barrier.wait();
    if (measured) yield* place('read');
    const value = orThrow('counterRead', yield* counterRead(counter));
    if (measured) yield* place('has-read');
    if (value !== round) throw new Error(`hart ${hart} read ${value} in round ${round}`);
  }
  return 0;
}
