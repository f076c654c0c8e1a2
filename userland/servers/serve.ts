/**
 * A server that is there on every hart: callers by LRPC bring their own threads; for protected procedure calls a worker waits
 * on each hart. One thread more hears of processes that end, and at last that the machine is to be switched off.
 *
 * The threads of a server share one record in memory; what they do is in the module of the server.
 */
import { addressOf, type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../kernel/abi/index.ts';
import { lrpc, protectedCalls, type Server, serverMemory } from '../ipc/index.ts';
import type { Env } from '../runtime/env.ts';
import { roundUp } from '../runtime/line.ts';
import { processEnds } from '../runtime/server-calls.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { exit, mmap, sleep, threadSpawn } from '../runtime/system-calls.ts';

const RECORD = { STATE: 0, PORT: 4, WORKERS: 8 } as const;
const PAUSE = 1000;

/** A server and what it does when others end. */
export interface Service {
  readonly server: Server;
  /** A process has ended, at least. */
  ended(state: number): Code;
  /** Nobody is left but servers. Gives the exit status. */
  over(state: number): Code<number>;
}

/** The two kinds of threads of a service. Make them at the top level of a module. */
export interface ServiceThreads {
  readonly service: Service;
  readonly worker: (record: number) => Code<number>;
  readonly watcher: (record: number) => Code<number>;
}

/** The threads of a service. */
export const threadsOf = (service: Service): ServiceThreads =>
  Object.freeze({
    service,
    *worker(record: number): Code<number> {
      const { server } = service;
      const memory = yield* pages(serverMemory(server));
      const state = yield load(record + RECORD.STATE);
      yield fetchAndAdd(record + RECORD.WORKERS, 1);
      return yield* protectedCalls.serve(server, yield load(record + RECORD.PORT), memory, state);
    },
    // DOC: server-watcher
    *watcher(record: number): Code<number> {
      const state = yield load(record + RECORD.STATE);
      let seen = yield* processEnds(0);
      while (seen >= 0) {
        yield* service.ended(state);
        seen = yield* processEnds(seen);
      }
      return yield* exit(seen === ERROR.ESHUTDOWN ? yield* service.over(state) : 0);
    },
  });

/**
 * Exports the interface by both mechanisms, and serves until the process ends. Gives why it could not.
 * @param announce tells others, when there is a worker on every hart
 */
export function* serveEverywhere(
  env: Env,
  threads: ServiceThreads,
  state: number,
  announce?: () => Code<number>,
): Code<number> {
  const { server } = threads.service;
  const record = yield* pages(LIMIT.PAGE);
  yield store(record + RECORD.STATE, state);
  const exported = yield* lrpc.export(server);
  if (exported < 0) return exported;
  const port = yield* protectedCalls.export(server);
  if (port < 0) return port;
  yield store(record + RECORD.PORT, port);
  const harts = yield* env.harts();
  for (let hart = 0; hart < harts; hart++)
    orThrow('threadSpawn', yield* threadSpawn(yield addressOf(threads.worker), record, hart));
  orThrow('threadSpawn', yield* threadSpawn(yield addressOf(threads.watcher), record, -1));
  while ((yield load(record + RECORD.WORKERS)) < harts) yield* sleep(PAUSE);
  const told = announce === undefined ? 0 : yield* announce();
  if (told < 0) return told;
  return yield* lrpc.serve(server, exported, 0, state);
}

function* pages(bytes: number): Code<number> {
  return orThrow('mmap', yield* mmap(0, roundUp(bytes, LIMIT.PAGE), MAP.READ | MAP.WRITE, 0));
}
