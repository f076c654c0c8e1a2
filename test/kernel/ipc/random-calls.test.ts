/**
 * Random calls through ports, of every kind, from several domains on 1 to 8 harts, with time-outs, kills and ports that
 * close in between. Each call returns once, with the right answer, or fails once with an error that it may have; nothing
 * is carried out twice; and nothing is left of it at the end.
 */
import fc from 'fast-check';
import { test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { ERROR, PORT_KIND } from '../../../kernel/abi/index.ts';
import { effort } from '../../hw/effort.ts';
import { check, expectStatus, sys } from '../run.ts';
import { memory } from './echo-domains.ts';

const KINDS = [PORT_KIND.MESSAGE, PORT_KIND.RESTRICTED, PORT_KIND.PPC] as const;
const CALLS = 12;
/** Errors that a call may have when a port closes, a server ends, or nobody serves (yet, or any more). */
const ALLOWED: readonly number[] = [
  ERROR.ECALLFAILED,
  ERROR.ETIMEDOUT,
  ERROR.ESRCH,
  ERROR.EAGAIN,
  ERROR.EBADF,
];

function* next(state: number): Code<number> {
  let x = (yield load(state)) | 1;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  yield store(state, x);
  return x >>> 1;
}

/** Words of a server's memory: its port, how many calls it has carried out, and a random state. */
const PORT = 0;
const CARRIED = 4;
const STATE = 8;
const THREADS = 2;

function* serves(shared: number, kind: number): Code<number> {
  const port = yield load(shared + PORT);
  const at = yield* memory(1);
  const isPpc = kind === PORT_KIND.PPC;
  const receive = () => (isPpc ? sys('ppcAccept', port, at, 64) : sys('portReceive', port, at, 64, 0));
  let procedure = yield receive();
  for (;;) {
    if (procedure === ERROR.EAGAIN || procedure === ERROR.EMSGSIZE) procedure = yield receive();
    else if (procedure < 0) return 0;
    else {
      yield* check(yield load(at), procedure, 50);
      yield fetchAndAdd(shared + CARRIED, 1);
      const chance = yield* next(shared + STATE);
      if (chance % 5 === 0) yield sys('sleep', 100 + (chance % 2000));
      // Now and then a thread ends in the midst of a call.
      if (chance % 29 === 0) return 0;
      yield store(at, procedure + 1);
      procedure = yield sys(isPpc ? 'ppcReturn' : 'portReplyReceive', port, at, 64, procedure, at, 64);
    }
  }
}

const threadOf = (kind: number) =>
  function* thread(shared: number): Code<number> {
    return yield* serves(shared, kind);
  };
const threads = KINDS.map(threadOf);

/** A server process: a port, threads on every hart or on some, and perhaps an early end of the port. */
const serverOf = (kind: number) =>
  function* server(seed: number): Code<number> {
    const shared = yield* memory(1);
    yield store(shared + STATE, seed);
    yield store(shared + PORT, yield sys('portCreate', 100 + kind, 0, kind));
    const harts = yield sys('hartCount');
    const count = kind === PORT_KIND.PPC ? harts : THREADS;
    for (let index = 0; index < count; index += 1)
      yield sys(
        'threadSpawn',
        yield addressOf(threads[kind] as (typeof threads)[number]),
        shared,
        index % harts,
      );
    if (seed % 3 === 0) {
      yield sys('sleep', 5000 + (seed % 40_000));
      yield sys('portClose', yield load(shared + PORT));
    }
    yield sys('sleep', 400_000);
    return 0;
  };
const servers = KINDS.map(serverOf);

function* client(seed: number): Code<number> {
  const state = yield* memory(1);
  yield store(state, seed);
  const at = state + 256;
  const harts = yield sys('hartCount');
  const bindings = [0, 0, 0];
  for (let call = 0; call < CALLS; call += 1) {
    const chance = yield* next(state);
    const kind = chance % KINDS.length;
    if ((bindings[kind] as number) <= 0) bindings[kind] = yield sys('portBind', 100 + kind, 0);
    const binding = bindings[kind] as number;
    if (binding < 0) {
      yield* check(binding, ERROR.ESRCH, 60);
      yield sys('sleep', 1000);
      continue;
    }
    const procedure = (chance >>> 8) % 1000;
    yield store(at, procedure);
    const sizes = (64 << 16) | 64;
    const way = (chance >>> 4) % 4;
    let result: number;
    if (kind !== PORT_KIND.PPC)
      result = yield sys('portCall', binding, procedure, at, sizes, at, way === 0 ? 1500 : 0);
    else if (way === 0) result = yield sys('ppcSend', binding, procedure, at, 64, chance % harts);
    else if (way === 1) result = yield sys('ppcCallOn', binding, procedure, at, sizes, at, chance % harts);
    else result = yield sys('ppcCall', binding, procedure, at, sizes, at);
    if (result < 0) {
      if (!ALLOWED.includes(result)) yield sys('exit', 61);
    } else if (kind !== PORT_KIND.PPC || way !== 0) {
      yield* check(result, procedure, 62);
      yield* check(yield load(at), procedure + 1, 63);
    }
  }
  return 0;
}

/** Starts servers and clients, kills some of them, and expects that the others end well. */
function* main(_: number, block: number): Code<number> {
  // The parameters of the first process.
  const seed = yield load(block + 28);
  const children: number[] = [];
  const state = yield* memory(1);
  yield store(state, seed);
  for (const server of servers)
    children.push(yield sys('spawn', yield addressOf(server), (yield* next(state)) >>> 8, -1));
  for (let index = 0; index < 4; index += 1)
    children.push(yield sys('spawn', yield addressOf(client), (yield* next(state)) | 1, -1));
  for (let kills = 0; kills < 2; kills += 1) {
    const chance = yield* next(state);
    yield sys('sleep', chance % 30_000);
    yield sys('kill', children[chance % children.length] as number);
  }
  for (const child of children.slice(servers.length)) {
    yield* check(yield sys('wait', child, block - 512), child, 40);
    const status = yield load(block - 512);
    if (status !== 0 && status !== -64) yield sys('exit', status);
  }
  return 0;
}

test('random calls return once or fail once, and nothing is left of them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 0x7fff_fffe }),
      fc.constantFrom(1, 2, 3, 4, 8),
      fc.constantFrom('port', 'global'),
      fc.constantFrom('cc-numa', 'smp'),
      (seed, harts, transfer, preset) => {
        expectStatus(0, main, {
          preset,
          harts,
          seed,
          parameters: [seed],
          options: { transfer, heapChecked: true },
        });
      },
    ),
    effort(12),
  );
});
