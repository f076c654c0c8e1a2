/** A client and a server in domains of their own: programs with which tests and measurements make calls. */
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import {
  type Client,
  clientOf,
  lrpc,
  messages,
  protectedCalls,
  restricted,
  type Transport,
} from '../../../userland/ipc/index.ts';
import { echo, Echo } from '../../userland/ipc/echo.ts';
import { check, type Entry, sys } from '../run.ts';

/** Memory of a process: the kernel chooses where. */
export function* memory(pages: number): Code<number> {
  return yield sys('mmap', 0, pages * LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
}

/** A server process with one thread, for ever; it ends with 0 when its port does. */
const serverOf = (transport: Transport): Entry =>
  function* serverProcess(): Code<number> {
    const port = yield* transport.export(echo);
    if (port < 0) return 1;
    return (yield* transport.serve(echo, port, yield* memory(1), 0)) === ERROR.ECALLFAILED ? 0 : 2;
  };

export interface Domains {
  readonly transport: Transport;
  readonly client: Client<(typeof Echo)['procedures']>;
  readonly server: Entry;
}

const domainsOf = (transport: Transport): Domains => ({
  transport,
  client: clientOf(Echo, transport),
  server: serverOf(transport),
});

export const DOMAINS = {
  message: domainsOf(messages),
  restricted: domainsOf(restricted),
  ppc: domainsOf(protectedCalls),
  lrpc: domainsOf(lrpc),
} as const;
export type DomainsName = keyof typeof DOMAINS;

/** Starts the server on a hart and binds to it as soon as it has exported; gives the binding. */
export function* connect({ client, server }: Domains, hart: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(server), 0, hart);
  if (child < 0) return child;
  const binding = yield* memory(3);
  for (let tries = 0; tries < 1000; tries += 1) {
    const bound = yield* client.bind(binding);
    if (bound === 0) return binding;
    if (bound !== ERROR.ESRCH) return bound;
    yield sys('sleep', 500);
  }
  return ERROR.ESRCH;
}

/** Calls every procedure and checks the results. */
export function* callAll({ client }: Domains, binding: number, mark: number): Code {
  const data = (yield* memory(1)) + 64;
  for (let offset = 0; offset < 200; offset += 4) yield store(data + offset, mark + offset);
  const nothing = yield* client.call.null(binding, {});
  yield* check(nothing.kind === 'returned' ? 0 : nothing.error, 0, 11);
  const added = yield* client.call.add(binding, { a: mark, b: 2 });
  yield* check(added.kind === 'returned' ? added.results.sum : added.error, mark + 2, 12);
  const big = yield* client.call.bigIn(binding, { data });
  yield* check(big.kind === 'returned' ? big.results.first : big.error, mark, 13);
  yield* client.call.bigInOut(binding, { data }, { data: data + 256 });
  for (let offset = 0; offset < 200; offset += 4)
    yield* check(yield load(data + 256 + offset), ~(mark + offset), 14);
  const kept = yield* client.call.keep(binding, { data });
  yield* check(kept.kind === 'returned' ? kept.results.first : kept.error, mark, 15);
  const changed = yield* client.call.change(binding, { key: 1, data });
  yield* check(changed.kind === 'returned' ? changed.results.before : changed.error, mark, 16);
  yield* check(yield load(data), mark ^ 1, 17);
  yield* check(yield load(data + 4), mark + 4, 18);
}
