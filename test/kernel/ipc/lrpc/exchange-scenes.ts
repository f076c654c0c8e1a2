/** Programs in which threads that call change places with idle harts. Each ends with 0 if all was as it should be. */
import { addressOf, type Code, load, store, work } from '../../../../hw/isa/index.ts';
import { Machine } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { A_STACKS_SIZE, ERROR } from '../../../../kernel/abi/index.ts';
import { bootKernel, checkInvariants } from '../../../../kernel/index.ts';
import { STEP } from '../../../../kernel/steps.ts';
import { check, sys } from '../../run.ts';

const ROOM = 2048;
const NAME = [0x5a3, 0] as const;
const CALLS = 8;
const DOUBLE = 0;
const DOZE = 1;
const COMPUTE = 2;

function* double(aStack: number): Code<number> {
  yield store(aStack + 4, 2 * (yield load(aStack)));
  return yield sys('lrpcReturn');
}

function* doze(aStack: number): Code<number> {
  yield sys('sleep', yield load(aStack));
  return yield sys('lrpcReturn');
}

/** For ever. */
function* compute(): Code<number> {
  for (;;) yield work(50);
}

const ENTRIES = [double, doze, compute];

function* server(_: number, block: number): Code<number> {
  const at = block - ROOM;
  for (const [index, entry] of ENTRIES.entries()) {
    yield store(at + 12 * index, yield addressOf(entry));
    yield store(at + 12 * index + 4, 8);
    yield store(at + 12 * index + 8, CALLS);
  }
  yield* check((yield sys('lrpcExport', ...NAME, at, ENTRIES.length, 0)) > 0 ? 1 : 0, 1, 101);
  for (;;) yield sys('sleep', 1 << 28);
}

/** Binds as soon as there is a server. */
function* bind(at: number): Code<number> {
  for (;;) {
    const binding = yield sys('lrpcBind', ...NAME, at, ENTRIES.length);
    if (binding !== ERROR.ESRCH) return binding;
    yield sys('sleep', 1000);
  }
}

function* callOn(at: number, binding: number, procedure: number, word: number): Code<number> {
  const aStack = yield load(at + procedure * A_STACKS_SIZE);
  yield store(aStack, word);
  const result = yield sys('lrpcCall', binding, procedure, aStack);
  if (result === 0 && procedure === DOUBLE) yield* check(yield load(aStack + 4), 2 * word, 40);
  return result;
}

/** Calls with a binding of its own. */
function* caller(times: number, block: number): Code<number> {
  const at = block - ROOM;
  const binding = yield* bind(at);
  for (let round = 1; round <= times; round += 1) {
    yield* check(yield* callOn(at, binding, DOUBLE, round), 0, 41);
    if (round % 8 === 0) yield* check(yield* callOn(at, binding, DOZE, 500), 0, 42);
  }
  yield* check(yield sys('lrpcUnbind', binding), 0, 43);
  return 0;
}

function* startServer(): Code<number> {
  const number = yield sys('spawn', yield addressOf(server), 0, 1);
  yield* check(number > 0 ? 1 : 0, 1, 1);
  return number;
}

function* endOf(child: number, status: number, block: number): Code {
  yield* check(yield sys('wait', child, block - 16), child, 2);
  yield* check(yield load(block - 16), status, 3);
}

/** One thread calls again and again. */
function* alone(_: number, block: number): Code<number> {
  const child = yield* startServer();
  yield* caller(40, block);
  yield* check(yield sys('kill', child), 0, 4);
  yield* endOf(child, -64, block);
  return 0;
}

/** Four threads call at the same time, and want the same few harts. */
function* crowd(_: number, block: number): Code<number> {
  const child = yield* startServer();
  const at = block - 64;
  for (let index = 0; index < 4; index += 1)
    yield store(at + 4 * index, yield sys('threadSpawn', yield addressOf(caller), 30, 2 + index));
  for (let index = 0; index < 4; index += 1)
    yield* check(yield sys('threadJoin', yield load(at + 4 * index), 0), 0, 5);
  yield* check(yield sys('kill', child), 0, 4);
  yield* endOf(child, -64, block);
  return 0;
}

/** A client of its own process, which is called away into a procedure that computes for ever. */
function* lost(_: number, block: number): Code<number> {
  const at = block - ROOM;
  const binding = yield* bind(at);
  for (let round = 1; round <= 8; round += 1) yield* callOn(at, binding, DOUBLE, round);
  yield* check(yield* callOn(at, binding, COMPUTE, 0), ERROR.ECALLFAILED, 6);
  return 0;
}

/** A server ends while a thread computes in it, on the hart that idled there; then another one comes, and is called. */
function* serverEnds(_: number, block: number): Code<number> {
  for (let round = 0; round < 2; round += 1) {
    const child = yield* startServer();
    const client = yield sys('spawn', yield addressOf(lost), 0, -1);
    yield sys('sleep', 150_000);
    yield* check(yield sys('kill', child), 0, 7);
    yield* endOf(child, -64, block);
    yield* endOf(client, 0, block);
  }
  return yield* alone(0, block);
}

/** A client ends while its thread computes in the server, and a hart idles in its context for the thread to come back. */
function* clientEnds(_: number, block: number): Code<number> {
  const child = yield* startServer();
  for (let round = 0; round < 2; round += 1) {
    const client = yield sys('spawn', yield addressOf(lost), 0, -1);
    yield sys('sleep', 150_000);
    yield* check(yield sys('kill', client), 0, 8);
    yield* endOf(client, -64, block);
    yield* caller(10, block);
  }
  // The threads of the clients are the server's now.
  yield* check(yield sys('kill', child), 0, 9);
  yield* endOf(child, -64, block);
  return 0;
}

export const SCENES = { alone, crowd, serverEnds, clientEnds } as const;

export interface Scene {
  readonly scene: keyof typeof SCENES;
  readonly preset: string;
  readonly harts: number;
  readonly seed?: number;
  readonly tagged?: boolean;
  readonly domainCaching?: 'on' | 'off';
}

export interface Seen {
  /** What was wrong at the end. */
  readonly problem: string | undefined;
  /** How often threads changed places with a hart. */
  readonly exchanges: number;
  readonly machine: Machine;
}

/** Plays a scene to its end. */
export function play(choice: Scene): Seen {
  const { scene, preset, harts, seed = 1, tagged = true, domainCaching = 'on' } = choice;
  const set = { memoryPerNode: 8 << 20, tlb: { entries: 64, ways: 4, tagged } };
  const machine = new Machine(presetConfig(preset, { harts, seed, set }));
  let exchanges = 0;
  machine.trace.attach({
    event: (event) => {
      if (event.kind === 'enter' && event.step === STEP.lrpcExchange) exchanges += 1;
    },
  });
  bootKernel(machine, { entry: SCENES[scene], options: { domainCaching, slice: 2000 } });
  const stop = machine.run({ instructions: 3_000_000 });
  const well = stop.kind === 'halted' && stop.status === 0;
  const invariants = checkInvariants(machine);
  const broken = invariants.find(({ ok }) => !ok)?.detail;
  const blocks = invariants.find(({ id }) => id === 'heap')?.detail;
  const left = blocks === '0 blocks in use' ? undefined : blocks;
  return { problem: well ? (broken ?? left) : JSON.stringify(stop), exchanges, machine };
}
