/**
 * The server of the experiment: an interface with a procedure that does nothing, one that works under a lock that all
 * workers share, and some about a state of which each hart has a representative.
 */
import { type Code, load, store, work } from '../../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../../kernel/abi/index.ts';
import {
  defineInterface,
  Env,
  implement,
  mark,
  MARK,
  messages,
  mmap,
  orThrow,
  procedure,
  protectedCalls,
  spawnThread,
  type Transport,
  word,
} from '../../../userland/index.ts';
import { McsLock } from '../../../userland/sync/locks/mcs.ts';

export const Service = defineInterface('service', {
  null: procedure({}, {}),
  /** Holds a lock that all workers share for so many cycles. */
  locked: procedure({ cycles: word }, { count: word }),
  /** Makes a version the one of this hart's representative, or of all of them. */
  update: procedure({ version: word, words: word }, {}),
  updateAll: procedure({ version: word, words: word }, {}),
  /** Reads this hart's representative; gives the sum of its words. */
  read: procedure({ words: word }, { sum: word }),
});

/** Numbers of procedures, for calls without stubs. */
export const UPDATE = Service.signatures.findIndex(({ name }) => name === 'update');

const PAGE = LIMIT.PAGE;
/** What all workers share: a lock, what it guards, and the port's handle. Each worker's part is a page of its own. */
const SHARED = { LOCK: 0, COUNT: 64, PORT: 128, HARTS: 132 } as const;
/** A worker's page: where the shared page is, its queue node, and the representative of its hart. */
const OWN = { SHARED: 0, NODE: 64, REP: 256 } as const;
const MEMORY = 2 * PAGE;

/** Words that a representative can have. */
export const MOST_WORDS = 256;

const ownOf = (shared: number, hart: number): number => shared + PAGE + hart * (PAGE + MEMORY);

function* writeRep(own: number, version: number, words: number): Code {
  for (let index = 0; index < words; index++) yield store(own + OWN.REP + 4 * index, version + index);
}

const service = implement(Service, {
  *null() {
    return {};
  },
  *locked({ cycles }, _into, own) {
    const shared = yield load(own + OWN.SHARED);
    const lock = new McsLock(shared + SHARED.LOCK);
    yield* lock.acquire(own + OWN.NODE);
    const count = (yield load(shared + SHARED.COUNT)) + 1;
    yield store(shared + SHARED.COUNT, count);
    yield work(cycles);
    yield* lock.release(own + OWN.NODE);
    return { count };
  },
  *update({ version, words }, _into, own) {
    yield* writeRep(own, version, words);
    return {};
  },
  *updateAll({ version, words }, _into, own) {
    const shared = yield load(own + OWN.SHARED);
    const harts = yield load(shared + SHARED.HARTS);
    const lock = new McsLock(shared + SHARED.LOCK);
    yield* lock.acquire(own + OWN.NODE);
    for (let hart = 0; hart < harts; hart++) yield* writeRep(ownOf(shared, hart), version, words);
    yield* lock.release(own + OWN.NODE);
    return {};
  },
  *read({ words }, _into, own) {
    let sum = 0;
    for (let index = 0; index < words; index++) sum += yield load(own + OWN.REP + 4 * index);
    return { sum };
  },
});

/** By the number that a server is started with. */
export const TRANSPORTS: readonly Transport[] = [protectedCalls, messages];

/** The first procedure of the server process: a thread that serves on every hart. */
export function* serverProcess(transport: number, block: number): Code<number> {
  const harts = yield* new Env(block).harts();
  const shared = orThrow('mmap', yield* mmap(0, PAGE + harts * (PAGE + MEMORY), MAP.READ | MAP.WRITE, 0));
  yield store(shared + SHARED.HARTS, harts);
  yield store(shared + SHARED.PORT, yield* (TRANSPORTS[transport] as Transport).export(service));
  const main = [serveProtected, serveMessages][transport] as typeof serveProtected;
  for (let hart = 1; hart < harts; hart++) yield* spawnThread(main, shared, hart);
  return yield* main(shared, block);
}

function* serveProtected(shared: number, block: number): Code<number> {
  return yield* serve(protectedCalls, shared, block);
}

function* serveMessages(shared: number, block: number): Code<number> {
  return yield* serve(messages, shared, block);
}

function* serve(transport: Transport, shared: number, block: number): Code<number> {
  const own = ownOf(shared, yield* new Env(block).hart());
  yield store(own + OWN.SHARED, shared);
  yield* writeRep(own, 0, MOST_WORDS);
  yield mark(MARK.allocated, own + OWN.REP, 4 * MOST_WORDS);
  return yield* transport.serve(service, yield load(shared + SHARED.PORT), own + PAGE, own);
}
