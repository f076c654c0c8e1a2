/**
 * Random calls on a kernel with domain caching, for property tests: clients call much and rest a little, so that harts
 * idle and change places; calls go through one server into another, sleep in it, crash it; servers and clients are killed,
 * clients migrated, threads taken back from a server. What a call gives is checked; the rest is for the kernel's invariants.
 */
import { addressOf, type Code, load, store } from '../../../../hw/isa/index.ts';
import { A_STACKS_SIZE, ERROR, THREAD_BLOCK } from '../../../../kernel/abi/index.ts';
import { nextRandom } from '../../../../userland/runtime/random.ts';
import { check, sys } from '../../run.ts';
import { awaitClients, COUNT, MAY_BE, RELAY, ROOM, server, SERVERS, spawnAll } from './random-calls.ts';

const ROUNDS = 25;
const NAP = 2;
const FALL = 3;

/** What one thread of a client does; ends with 0 if all was as it should be. */
function* act(seed: number, block: number): Code<number> {
  const at = block - ROOM;
  let word = nextRandom(seed | 1);
  let binding = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    word = nextRandom(word);
    if (binding <= 0) {
      binding = yield sys('lrpcBind', 1 + ((word >>> 8) % SERVERS), 0, at, COUNT);
      if (binding < 0) yield sys('sleep', 2000);
      continue;
    }
    const choice = word % 16;
    if (choice === 0) yield sys('sleep', (word >>> 8) % 6000);
    else if (choice === 1) yield sys('migrate', yield load(block + THREAD_BLOCK.PROCESS), (word >>> 8) % 2);
    else {
      const procedure = choice < 10 ? 0 : choice < 12 ? RELAY : choice < 14 ? NAP : choice === 14 ? 1 : FALL;
      const result = yield* callOnce(binding, procedure, yield load(at + procedure * A_STACKS_SIZE), word);
      if (result === ERROR.ECALLFAILED) {
        yield sys('lrpcUnbind', binding);
        binding = 0;
      }
    }
  }
  return 0;
}

function* callOnce(binding: number, procedure: number, aStack: number, word: number): Code<number> {
  yield store(aStack, word >>> 4);
  yield store(aStack + 4, 5);
  const result = yield sys('lrpcCall', binding, procedure, aStack);
  if (result === 0 && procedure === 0) yield* check(yield load(aStack + 8), ((word >>> 4) + 5) | 0, 14);
  yield* check(MAY_BE.includes(result) || result === ERROR.ECALLABORTED ? 1 : 0, 1, 15);
  return result;
}

/** Two threads; the first takes the second back from where it is called into, now and then. */
function* client(seed: number, block: number): Code<number> {
  const second = yield sys('threadSpawn', yield addressOf(act), nextRandom(seed | 1), -1);
  yield* act(seed, block);
  if (second <= 0) return 0;
  if (seed % 3 === 0) yield sys('lrpcAbort', second);
  yield sys('threadJoin', second, 0);
  return 0;
}

/** First process; parameters: seed, number of clients. Ends with 0 if every client that was not killed did. */
export function* exchangeLife(_: number, block: number): Code<number> {
  let word = nextRandom((yield load(block + THREAD_BLOCK.PARAMETER)) | 1);
  const clients = yield load(block + THREAD_BLOCK.PARAMETER + 4);
  const at = block - ROOM;
  word = yield* spawnAll(word, at, clients, client);
  for (let round = 0; round < 4; round += 1) {
    word = nextRandom(word);
    yield sys('sleep', 20_000 + (word % 40_000));
    const index = (word >>> 8) % SERVERS;
    const victim = word % 3 === 0 ? at + 64 + 4 * ((word >>> 16) % clients) : at + 4 * index;
    yield sys('kill', yield load(victim));
    if (word % 3 === 0) continue;
    yield sys('wait', yield load(victim), 0);
    yield store(victim, yield sys('spawn', yield addressOf(server), index, -1));
  }
  return yield* awaitClients(at, clients);
}
