/**
 * The client of the experiment: a process with a thread on every hart, each with a binding of its own. They do their
 * rounds at the same time, and mark where what is measured begins and ends.
 */
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import {
  clientOf,
  Env,
  joinThread,
  mmap,
  orThrow,
  place,
  ppcCallOn,
  ppcSend,
  program,
  sleep,
  spawn,
  spawnThread,
  type Transport,
} from '../../../userland/index.ts';
import { SenseReversingBarrier } from '../../../userland/sync/barriers/sense-reversing.ts';
import { Service, serverProcess, TRANSPORTS, UPDATE } from './service.ts';

/** What is done; the number of each is its index. */
export const SCENES = ['null', 'locked', 'message', 'memory', 'calls', 'sends'] as const;
export type Scene = (typeof SCENES)[number];

/** Which of the transports each uses. */
const transportOf = (scene: number): number => (SCENES[scene] === 'message' ? 1 : 0);

const BARRIER = 0;
const FACTS = 256;
const FACT = {
  HARTS: FACTS,
  SCENE: FACTS + 4,
  ROUNDS: FACTS + 8,
  CYCLES: FACTS + 12,
  WORDS: FACTS + 16,
} as const;
const THREADS = 512;
/** Rounds before those that are measured. */
export const WARM_UP = 4;

const CLIENTS = TRANSPORTS.map((transport: Transport) => clientOf(Service, transport));
type Caller = (typeof CLIENTS)[number];

export const callers = program({
  name: 'callers',
  summary: 'The client of the experiment ppc',
  parameters: {
    scene: { default: 0, min: 0, max: SCENES.length - 1, summary: 'What is done' },
    rounds: { default: 1, min: 1, max: 1_000_000, summary: 'How often' },
    cycles: { default: 0, min: 0, max: 1_000_000, summary: 'Cycles under the lock' },
    words: { default: 1, min: 1, max: 256, summary: 'Words of a representative' },
  },
  *main(env, { scene, rounds, cycles, words }) {
    const harts = yield* env.harts();
    const memory = orThrow('mmap', yield* mmap(0, 2 * LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
    const facts = { HARTS: harts, SCENE: scene, ROUNDS: rounds, CYCLES: cycles, WORDS: words };
    for (const [name, value] of Object.entries(facts))
      yield store(memory + FACT[name as keyof typeof FACT], value);
    orThrow('spawn', yield* spawn(yield addressOf(serverProcess), transportOf(scene), 0));
    for (let hart = 1; hart < harts; hart++)
      yield store(memory + THREADS + 4 * hart, yield* spawnThread(calls, memory, hart));
    yield* calls(memory, env.block);
    for (let hart = 1; hart < harts; hart++) yield* joinThread(env, yield load(memory + THREADS + 4 * hart));
  },
});

/** What each thread does. */
function* calls(memory: number, block: number): Code<number> {
  const scene = yield load(memory + FACT.SCENE);
  const client = CLIENTS[transportOf(scene)] as Caller;
  const hart = yield* new Env(block).hart();
  const binding = orThrow('mmap', yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
  while ((yield* client.bind(binding)) === ERROR.ESRCH) yield* sleep(1000);
  // A worker on every hart.
  for (;;) {
    const answer = yield* client.call.null(binding, {});
    if (answer.kind === 'returned') break;
    if (answer.error !== ERROR.ESRCH) throw new Error(`a call failed: ${answer.error}`);
    yield* sleep(1000);
  }
  const barrier = new SenseReversingBarrier(memory + BARRIER, yield load(memory + FACT.HARTS));
  const { rounds, ...facts } = {
    rounds: yield load(memory + FACT.ROUNDS),
    cycles: yield load(memory + FACT.CYCLES),
    words: yield load(memory + FACT.WORDS),
    harts: yield load(memory + FACT.HARTS),
  };
  const all = { ...facts, client, binding, barrier, hart };
  if (['null', 'locked', 'message'].includes(SCENES[scene] as string))
    yield* independently(all, scene, rounds);
  else yield* inTurn(all, scene, rounds);
  return 0;
}

interface Me {
  readonly client: Caller;
  readonly binding: number;
  readonly barrier: SenseReversingBarrier;
  readonly hart: number;
  readonly harts: number;
  readonly cycles: number;
  readonly words: number;
}

/** Everybody calls, as fast as it goes. */
function* independently(me: Me, scene: number, rounds: number): Code {
  const { client, binding, barrier, cycles } = me;
  const round =
    SCENES[scene] === 'locked'
      ? () => client.call.locked(binding, { cycles })
      : () => client.call.null(binding, {});
  for (let count = 0; count < WARM_UP; count++) yield* round();
  yield* barrier.wait();
  yield* place('begin');
  for (let count = 0; count < rounds; count++) {
    const answer = yield* round();
    if (answer.kind === 'failed') throw new Error(`a call failed: ${answer.error}`);
  }
  yield* place('end');
  yield* barrier.wait();
}

/** Hart 0 changes the state, then all others read it, and so on. */
function* inTurn(me: Me, scene: number, rounds: number): Code {
  const { client, binding, barrier, words, hart } = me;
  for (let round = 1; round <= WARM_UP + rounds; round++) {
    const measured = round > WARM_UP;
    yield* barrier.wait();
    if (hart === 0) {
      if (measured) yield* place('change');
      yield* change(me, scene, 1000 * round);
      if (measured) yield* place('changed');
    }
    yield* barrier.wait();
    // Calls that nobody waits for may be under way yet; until then the old version is read.
    if (measured) yield* place('read');
    let answer = yield* client.call.read(binding, { words });
    if (measured) yield* place('has-read');
    const expected = words * 1000 * round + (words * (words - 1)) / 2;
    while (answer.kind === 'returned' && answer.results.sum !== (expected | 0)) {
      if (SCENES[scene] !== 'sends') throw new Error(`hart ${hart} read an old version`);
      answer = yield* client.call.read(binding, { words });
    }
  }
}

function* change({ client, binding, words, hart, harts }: Me, scene: number, version: number): Code {
  if (SCENES[scene] === 'memory') {
    yield* client.call.updateAll(binding, { version, words });
    return;
  }
  yield* client.call.update(binding, { version, words });
  // To other harts: without stubs, which are for calls here.
  const message = binding + LIMIT.PAGE / 2;
  const handle = yield load(binding);
  yield store(message, version);
  yield store(message + 4, words);
  for (let other = 0; other < harts; other++) {
    if (other === hart) continue;
    if (SCENES[scene] === 'calls')
      orThrow('ppcCallOn', yield* ppcCallOn(handle, UPDATE, message, 8 << 16, message, other));
    else orThrow('ppcSend', yield* ppcSend(handle, UPDATE, message, 8, other));
  }
}
