/**
 * Calls between two protection domains, by any mechanism: Null, Add, BigIn and BigInOut of the LRPC paper (table IV). One
 * client process with a thread on as many harts as wanted, one server process with a thread on every hart, which LRPC
 * does not need.
 *
 * Where what is measured begins and ends, and where the binding does, is marked by names of places.
 */
import { addressOf, type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR, errorName, LIMIT, MAP } from '../../kernel/abi/index.ts';
import {
  type Client,
  clientOf,
  lrpc,
  messages,
  protectedCalls,
  restricted,
  serverMemory,
  type Transport,
} from '../ipc/index.ts';
import { program } from '../program.ts';
import { Env } from '../runtime/env.ts';
import { place } from '../runtime/marks.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { mmap, sleep, spawn } from '../runtime/system-calls.ts';
import { joinThread, spawnThread } from '../runtime/thread.ts';
import { SenseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import { BIG, Echo, echo } from './rpc-echo.ts';

const MECHANISM = { lrpc: 0, message: 1, restricted: 2, ppc: 3 } as const;
const TRANSPORTS: readonly Transport[] = [lrpc, messages, restricted, protectedCalls];
const PROCEDURE = { null: 0, add: 1, bigIn: 2, bigInOut: 3, immutable: 4, browse: 5 } as const;

type EchoClient = Client<(typeof Echo)['procedures']>;
const CLIENTS: readonly EchoClient[] = TRANSPORTS.map((transport) => clientOf(Echo, transport));

/** What the threads of the client share, in a page of their own. */
const SHARED = {
  BARRIER: 0,
  MECHANISM: 256,
  PROCEDURE: 260,
  CALLS: 264,
  TOUCH: 268,
  BINDING: 272,
  THREADS: 512,
} as const;
/** Bytes that can be read between calls, or in them. */
const TOUCH = 65_536;
/** Calls before those that are measured. */
const WARM_UP = 4;
const LINE = 64;
const BINDING_PAGES = 2;

export default program({
  name: 'rpc',
  summary: 'Calls between two protection domains: LRPC, messages, protected procedure calls',
  needs: ['shared-memory'],
  trace: 'call',
  parameters: {
    mechanism: { default: 0, min: 0, max: 3, choices: MECHANISM, summary: 'How calls are made' },
    procedure: { default: 1, min: 0, max: 5, choices: PROCEDURE, summary: 'What is called' },
    calls: { default: 20, min: 1, max: 1_000_000, summary: 'Calls of each thread' },
    clients: {
      default: 1,
      min: 0,
      max: 256,
      summary: 'Threads that call, each on its hart (0: on every hart)',
    },
    touch: {
      default: 0,
      min: 0,
      max: TOUCH,
      summary: 'Bytes that a client reads between calls, and the server when it is to browse',
    },
  },
  checks: ['results', 'refused'],

  *main(env, { mechanism, procedure, calls, clients: asked, touch }) {
    const harts = yield* env.harts();
    const clients = asked === 0 ? harts : Math.min(asked, harts);
    const shared = yield* memory(1);
    const facts = { MECHANISM: mechanism, PROCEDURE: procedure, CALLS: calls, TOUCH: touch };
    for (const [name, value] of Object.entries(facts))
      yield store(shared + SHARED[name as keyof typeof facts], value);
    yield store(shared + SHARED.BARRIER + 252, clients);
    orThrow('spawn', yield* spawn(yield addressOf(serverProcess), mechanism, 0));
    // With LRPC all threads use one binding: its lists of free A-stacks are what they share.
    if (mechanism === MECHANISM.lrpc) yield store(shared + SHARED.BINDING, yield* bound(mechanism));
    for (let index = 1; index < clients; index++)
      yield store(shared + SHARED.THREADS + 4 * index, yield* spawnThread(caller, shared, index));
    let wrong = yield* caller(shared, env.block);
    for (let index = 1; index < clients; index++)
      wrong += yield* joinThread(env, yield load(shared + SHARED.THREADS + 4 * index));
    const count = calls * clients;
    const right = yield* report(env, 'results', wrong === 0, `${count - wrong} of ${count} calls`);
    const refused = yield* forge(mechanism);
    return (yield* report(env, 'refused', refused, 'a forged binding')) && right ? 0 : 1;
  },
});

/** The result of a step of the mechanism, unless it is an error. */
const must = (what: string, result: number): number => {
  if (result < 0) throw new Error(`${what}: ${errorName(result)}`);
  return result;
};

function* memory(pages: number): Code<number> {
  return orThrow('mmap', yield* mmap(0, pages * LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
}

/** A binding to the server, as soon as there is one on this hart. */
function* bound(mechanism: number): Code<number> {
  const client = CLIENTS[mechanism] as EchoClient;
  const binding = yield* memory(BINDING_PAGES);
  for (;;) {
    yield* place('bind');
    const error = yield* client.bind(binding);
    yield* place('bound');
    if (error !== ERROR.ESRCH) must('bind', error);
    if (error === 0) {
      const answer = yield* client.call.null(binding, {});
      if (answer.kind === 'returned') return binding;
      if (answer.error !== ERROR.ESRCH) must('call', answer.error);
      must('unbind', yield* client.unbind(binding));
      for (let at = 0; at < BINDING_PAGES * LIMIT.PAGE; at += 4) yield store(binding + at, 0);
    }
    yield* sleep(1000);
  }
}

// DOC: rpc-caller
/** What each thread of the client does; gives how many results were wrong. */
function* caller(shared: number, block: number): Code<number> {
  const mechanism = yield load(shared + SHARED.MECHANISM);
  const procedure = yield load(shared + SHARED.PROCEDURE);
  const calls = yield load(shared + SHARED.CALLS);
  const touch = yield load(shared + SHARED.TOUCH);
  const clients = yield load(shared + SHARED.BARRIER + 252);
  const client = CLIENTS[mechanism] as EchoClient;
  const shares = (yield load(shared + SHARED.BINDING)) || (yield* bound(mechanism));
  const binding = client.near(shares, yield* new Env(block).hart());
  const data = yield* memory(1 + Math.ceil(touch / LIMIT.PAGE));
  yield store(data, touch);
  const barrier = new SenseReversingBarrier(shared + SHARED.BARRIER, clients);
  let wrong = 0;
  for (let round = 0; round < WARM_UP + calls; round++) {
    if (round === WARM_UP) {
      yield* barrier.wait();
      yield* place('begin');
    }
    const right = yield* callOnce(client, binding, procedure, data, round);
    if (!right && round >= WARM_UP) wrong++;
    yield* touchAll(data + LIMIT.PAGE, touch);
  }
  yield* place('end');
  yield* barrier.wait();
  return (yield* new Env(block).thread()) > 0 ? wrong : wrong + 1;
}

function* touchAll(from: number, bytes: number): Code {
  if (bytes === 0) return;
  yield* place('touch');
  for (let offset = 0; offset < bytes; offset += LINE) yield load(from + offset);
  yield* place('touched');
  yield* place('again');
  for (let offset = 0; offset < bytes; offset += LINE) yield load(from + offset);
  yield* place('touched2');
}

/** Makes one call; gives whether its results are right. */
function* callOnce(
  { call }: EchoClient,
  binding: number,
  procedure: number,
  data: number,
  round: number,
): Code<boolean> {
  switch (procedure) {
    case PROCEDURE.null:
      return (yield* call.null(binding, {})).kind === 'returned';
    case PROCEDURE.add: {
      const answer = yield* call.add(binding, { a: round, b: 2 });
      return answer.kind === 'returned' && answer.results.sum === round + 2;
    }
    case PROCEDURE.bigIn:
    case PROCEDURE.immutable: {
      yield store(data + BIG - 4, round);
      const stub = procedure === PROCEDURE.bigIn ? call.bigIn : call.immutable;
      const answer = yield* stub(binding, { data });
      return answer.kind === 'returned' && answer.results.last === round;
    }
    case PROCEDURE.browse: {
      const wanted = yield load(data);
      const answer = yield* call.browse(binding, { bytes: wanted });
      return answer.kind === 'returned' && answer.results.lines === Math.ceil(wanted / LINE);
    }
    default: {
      yield store(data + BIG - 4, round);
      const answer = yield* call.bigInOut(binding, { data }, { data: data + 256 });
      return answer.kind === 'returned' && (yield load(data + 256 + BIG - 4)) === round + 1;
    }
  }
}

/** Whether a call through a binding that nobody was given is refused. */
function* forge(mechanism: number): Code<boolean> {
  const client = CLIENTS[mechanism] as EchoClient;
  const binding = yield* bound(mechanism);
  yield store(binding, (yield load(binding)) ^ 0x1000);
  const answer = yield* client.call.null(binding, {});
  return answer.kind === 'failed' && answer.error === ERROR.EBADF;
}

/** The server: exports, and serves with a thread on every hart where the mechanism needs one. */
function* serverProcess(mechanism: number, block: number): Code<number> {
  const transport = TRANSPORTS[mechanism] as Transport;
  const shared = yield* memory(1);
  yield store(shared, mechanism);
  yield store(shared + 4, must('export', yield* transport.export(echo)));
  const harts = mechanism === MECHANISM.lrpc ? 1 : yield* new Env(block).harts();
  for (let hart = 1; hart < harts; hart++) yield* spawnThread(serve, shared, hart);
  return yield* serve(shared);
}

function* serve(shared: number): Code<number> {
  const transport = TRANSPORTS[yield load(shared)] as Transport;
  const own = yield* memory(Math.ceil(serverMemory(echo) / LIMIT.PAGE));
  const browsed = yield* memory(TOUCH / LIMIT.PAGE);
  return yield* transport.serve(echo, yield load(shared + 4), own, browsed);
}
