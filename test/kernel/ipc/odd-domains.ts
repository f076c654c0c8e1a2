/** Two servers whose procedures take long, crash, or call each other, over every transport; and what their clients need. */
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import {
  clientOf,
  defineInterface,
  implement,
  lrpc,
  messages,
  procedure,
  protectedCalls,
  restricted,
  serverMemory,
  type Server,
  type Transport,
  word,
} from '../../../userland/ipc/index.ts';
import { type Entry, sys } from '../run.ts';

const PROCEDURES = {
  doze: procedure({ cycles: word }, { slept: word }, { simultaneous: 2 }),
  crash: procedure({}, {}),
  /** Calls the other server, which calls this one, and so on; gives how many calls there were. */
  around: procedure({ left: word }, { calls: word }),
};
const Here = defineInterface('odd-here', PROCEDURES);
const There = defineInterface('odd-there', PROCEDURES);
type Odd = typeof Here;

/** Memory of a process: the kernel chooses where. */
export function* memory(pages: number): Code<number> {
  return yield sys('mmap', 0, pages * LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
}

/** Binds as soon as somebody has exported; gives the binding. */
function* bindTo(client: ReturnType<typeof clientOf>): Code<number> {
  const binding = yield* memory(3);
  while ((yield* client.bind(binding)) === ERROR.ESRCH) yield sys('sleep', 500);
  return binding;
}

/** A call of a worker that is not there yet is made again. */
const comesLater = (error: number): boolean => error === ERROR.ESRCH;

const serverFor = (transport: Transport, offered: Odd, other: Odd): Server =>
  implement(offered, {
    *doze({ cycles }) {
      return { slept: yield sys('sleep', cycles) };
    },
    *crash() {
      yield store(0x6000_0000, 1);
      return {};
    },
    *around({ left }) {
      if (left === 0) return { calls: 1 };
      const client = clientOf(other, transport);
      const binding = yield* bindTo(client);
      for (;;) {
        const answer = yield* client.call.around(binding, { left: left - 1 });
        if (answer.kind === 'failed' && comesLater(answer.error)) continue;
        yield* client.unbind(binding);
        return { calls: answer.kind === 'returned' ? answer.results.calls + 1 : answer.error };
      }
    },
  });

const EXPORTED = 0;

/** The first thread of a server process: serves with as many threads as its argument says, all on one hart. */
const processFor = (transport: Transport, server: Server): Entry => {
  const serves = function* serves(at: number): Code<number> {
    const bytes = serverMemory(server) + LIMIT.PAGE;
    const own = yield sys('mmap', 0, bytes & -LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
    yield* transport.serve(server, yield load(at + EXPORTED), own, 0);
    return 0;
  };
  return function* serverProcess(threads: number): Code<number> {
    const at = yield* memory(1);
    const exported = yield* transport.export(server);
    if (exported < 0) return 1;
    yield store(at + EXPORTED, exported);
    const hart = yield sys('currentHart');
    for (let index = 1; index < threads; index += 1)
      yield sys('threadSpawn', yield addressOf(serves), at, hart);
    return yield* serves(at);
  };
};

const domainsFor = (transport: Transport) => {
  const client = clientOf(Here, transport);
  const first = processFor(transport, serverFor(transport, Here, There));
  const second = processFor(transport, serverFor(transport, There, Here));
  return {
    client,
    /** Starts both servers on a hart, each with so many threads, and binds to the first. */
    *connect(threads: number, hart: number): Code<number> {
      yield sys('spawn', yield addressOf(first), threads, hart);
      yield sys('spawn', yield addressOf(second), threads, hart);
      const binding = yield* bindTo(client as unknown as ReturnType<typeof clientOf>);
      for (;;) {
        const answer = yield* client.call.doze(binding, { cycles: 1 });
        if (answer.kind === 'returned' || !comesLater(answer.error)) return binding;
        yield sys('sleep', 500);
      }
    },
  };
};

/** Client and servers by the name of a transport. */
export const ODD = {
  message: domainsFor(messages),
  restricted: domainsFor(restricted),
  ppc: domainsFor(protectedCalls),
  lrpc: domainsFor(lrpc),
} as const satisfies Readonly<Record<string, { readonly client: { readonly bind: unknown } }>>;
export type OddName = keyof typeof ODD;
