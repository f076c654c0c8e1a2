/**
 * Random life with LRPC, for property tests: servers that are killed and come again, clients with two threads each that
 * bind, call, call through one server into another, give calls time limits, add A-stacks and segments, unbind, and are
 * killed. What a call gives is checked; the rest is for the kernel's invariants.
 */
import { addressOf, type Code, load, store, work } from '../../../../hw/isa/index.ts';
import { A_STACKS, A_STACKS_SIZE, CALL_BLOCK, ERROR, THREAD_BLOCK } from '../../../../kernel/abi/index.ts';
import { nextRandom } from '../../../../userland/runtime/random.ts';
import { check, sys } from '../../run.ts';

export const SERVERS = 2;
const CALLS = 2;
export const RELAY = 4;
const NAP = 2;
export const ROOM = 4096;

function* sum(aStack: number): Code<number> {
  yield store(aStack + 8, ((yield load(aStack)) + (yield load(aStack + 4))) | 0);
  return yield sys('lrpcReturn');
}

function* back(): Code<number> {
  return 0;
}

function* nap(aStack: number): Code<number> {
  yield sys('sleep', (yield load(aStack)) & 0xfff);
  return yield sys('lrpcReturn');
}

function* fall(aStack: number): Code<number> {
  if (((yield load(aStack)) & 7) === 0) yield store(16, 1);
  return 0;
}

/** Waits until the server ends, unless the call has a time limit: then the client goes on. */
function* stay(aStack: number): Code<number> {
  for (;;) yield sys('futexWait', aStack + 8, yield load(aStack + 8), 0);
}

/** Binds to another server, calls it, unbinds. */
function* relay(aStack: number, block: number): Code<number> {
  const stack = yield load(block + CALL_BLOCK.STACK);
  const other = (yield load(aStack)) % SERVERS;
  const bound = yield sys('lrpcBind', 1 + other, 0, stack, COUNT);
  if (bound < 0) return 0;
  const napping = ((yield load(aStack)) >>> 8) & 1;
  const inner = yield load(stack + 2 * napping * A_STACKS_SIZE);
  const result = yield sys('lrpcCall', bound, 2 * napping, inner, limitOf(yield load(aStack)));
  yield store(aStack + 4, result);
  yield sys('lrpcUnbind', bound);
  return 0;
}

/** Cycles that a call may take, which is not enough for most naps, or 0. */
const limitOf = (word: number): number => (((word >>> 5) & 3) === 0 ? 1000 + ((word >>> 7) & 0x7ff) : 0);

const ENTRIES = [sum, back, nap, fall, relay, stay];
export const COUNT = ENTRIES.length;

export function* server(index: number, block: number): Code<number> {
  const at = block - ROOM;
  for (let procedure = 0; procedure < ENTRIES.length; procedure += 1) {
    yield store(at + 12 * procedure, yield addressOf(ENTRIES[procedure] as (typeof ENTRIES)[number]));
    yield store(at + 12 * procedure + 4, 12);
    yield store(at + 12 * procedure + 8, CALLS);
  }
  const exported = yield sys('lrpcExport', 1 + index, 0, at, ENTRIES.length, 0);
  // The last one may not have ended yet.
  if (exported < 0) return exported === ERROR.EBUSY ? 0 : 1;
  for (;;) yield sys('sleep', 1 << 28);
}

/** Results that a call may have. */
export const MAY_BE: readonly number[] = [
  0,
  ERROR.ECALLFAILED,
  ERROR.EBUSY,
  ERROR.ENOMEM,
  ERROR.EAGAIN,
  ERROR.ETIMEDOUT,
];

/** What one thread of a client does; ends with 0 if all was as it should be. */
function* act(seed: number, block: number): Code<number> {
  const at = block - ROOM;
  let word = nextRandom(seed | 1);
  let binding = 0;
  for (let round = 0; round < 12; round += 1) {
    word = nextRandom(word);
    // So that now and then nobody is in the kernel.
    yield work(1 + ((word >>> 4) & 0x1fff));
    const choice = word % 8;
    if (binding <= 0) {
      binding = yield sys('lrpcBind', 1 + ((word >>> 8) % SERVERS), 0, at, COUNT);
      if (binding < 0) yield sys('sleep', 2000);
      else if ((word & 0x300) !== 0) yield* useSegment(binding, at, word);
    } else if (choice === 0) {
      yield* check(yield sys('lrpcUnbind', binding), 0, 11);
      binding = 0;
    } else if (choice === 1) {
      const more = yield sys('lrpcGrow', binding, 0);
      if (more > 0) yield* callSum(binding, more, word);
      else yield* check(MAY_BE.includes(more) ? 1 : 0, 1, 12);
    } else if (choice === 2) {
      yield* useSegment(binding, at, word);
    } else if (choice === 3) {
      yield* callBeside(binding, at, word);
    } else {
      const procedure = (word >>> 12) % ENTRIES.length;
      const aStack = yield load(at + procedure * A_STACKS_SIZE);
      if (procedure === 0) yield* callSum(binding, aStack, word);
      else {
        yield store(aStack, word >>> 4);
        const result = yield sys('lrpcCall', binding, procedure, aStack, limitOf(word));
        yield* check(MAY_BE.includes(result) ? 1 : 0, 1, 13);
      }
    }
  }
  return 0;
}

/** Has another thread call through this binding, which may be given back meanwhile, and on an A-stack that may be in use. */
function* callBeside(binding: number, at: number, word: number): Code {
  const row = at + NAP * A_STACKS_SIZE;
  const aStack = (yield load(row)) + ((word >>> 20) & 1) * (yield load(row + A_STACKS.STRIDE));
  yield store(aStack, word >>> 4);
  // The stack of this thread may be gone before the other one looks.
  const page = yield sys('mmap', 0, 4096, 3, 0);
  if (page < 0) return;
  yield store(page, binding);
  yield store(page + 4, aStack);
  yield sys('threadSpawn', yield addressOf(naps), page, -1);
}

function* naps(at: number): Code<number> {
  const result = yield sys('lrpcCall', yield load(at), NAP, yield load(at + 4));
  yield* check(result === ERROR.EBADF || result === ERROR.EFAULT || MAY_BE.includes(result) ? 1 : 0, 1, 17);
  return 0;
}

/** Gives an A-stack another segment, or none, and uses it. */
function* useSegment(binding: number, at: number, word: number): Code {
  const procedure = (word >>> 12) % ENTRIES.length;
  const aStack = yield load(at + procedure * A_STACKS_SIZE);
  const bytes = 5000 * ((word >>> 16) % 3);
  const segment = yield sys('lrpcSegment', binding, procedure, aStack, bytes);
  yield* check(segment > 0 || MAY_BE.includes(segment) ? 1 : 0, 1, 16);
  if (segment > 0) yield store(segment + bytes - 4, word);
}

function* callSum(binding: number, aStack: number, word: number): Code {
  yield store(aStack, word);
  yield store(aStack + 4, 5);
  const result = yield sys('lrpcCall', binding, 0, aStack, limitOf(word));
  if (result === 0) yield* check(yield load(aStack + 8), (word + 5) | 0, 14);
  else yield* check(MAY_BE.includes(result) ? 1 : 0, 1, 15);
}

function* client(seed: number, block: number): Code<number> {
  const second = yield sys('threadSpawn', yield addressOf(act), nextRandom(seed | 1), -1);
  yield* act(seed, block);
  if (second > 0) yield sys('threadJoin', second, 0);
  return 0;
}

/** Spawns servers and clients, their numbers from `at` on; gives the next word of chance. */
export function* spawnAll(
  first: number,
  at: number,
  clients: number,
  client: (seed: number, block: number) => Code<number>,
): Code<number> {
  let word = first;
  for (let index = 0; index < SERVERS; index += 1)
    yield store(at + 4 * index, yield sys('spawn', yield addressOf(server), index, -1));
  for (let index = 0; index < clients; index += 1) {
    word = nextRandom(word);
    yield store(at + 64 + 4 * index, yield sys('spawn', yield addressOf(client), word | 0, -1));
  }
  return word;
}

/** Waits for all clients; gives 0, or the status of one that neither ended well nor was killed. */
export function* awaitClients(at: number, clients: number): Code<number> {
  for (let index = 0; index < clients; index += 1) {
    const child = yield load(at + 64 + 4 * index);
    yield* check(yield sys('wait', child, at + 128), child, 21);
    const status = yield load(at + 128);
    if (status !== 0 && status !== -64) return status;
  }
  return 0;
}

/** First process; parameters: seed, number of clients. Ends with 0 if every client that was not killed did. */
export function* randomLife(_: number, block: number): Code<number> {
  let word = nextRandom((yield load(block + THREAD_BLOCK.PARAMETER)) | 1);
  const clients = yield load(block + THREAD_BLOCK.PARAMETER + 4);
  const at = block - ROOM;
  word = yield* spawnAll(word, at, clients, client);
  for (let round = 0; round < 4; round += 1) {
    word = nextRandom(word);
    yield sys('sleep', 5000 + (word % 60_000));
    const index = (word >>> 8) % SERVERS;
    if (word % 4 === 0) {
      yield sys('kill', yield load(at + 64 + 4 * ((word >>> 16) % clients)));
    } else {
      const victim = yield load(at + 4 * index);
      yield sys('kill', victim);
      yield sys('wait', victim, 0);
      yield store(at + 4 * index, yield sys('spawn', yield addressOf(server), index, -1));
    }
  }
  // Who stays in a server is let go.
  for (let index = 0; index < SERVERS; index += 1) yield sys('kill', yield load(at + 4 * index));
  return yield* awaitClients(at, clients);
}
