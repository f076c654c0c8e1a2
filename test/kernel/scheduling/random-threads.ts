/**
 * Random threads: they spawn others, wait, wake, sleep, give way, change affinities, priorities and classes, and start and
 * kill processes. Whenever the kernel is at rest, and at the end, its invariants must hold, and the machine must halt.
 */
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import {
  addressOf,
  type Code,
  environmentCall,
  fetchAndAdd,
  load,
  store,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { SYSCALL, type SyscallName } from '../../../kernel/abi/index.ts';
import {
  bootKernel,
  checkInvariants,
  describeWait,
  inspectThreads,
  kernelAtRest,
} from '../../../kernel/index.ts';
import type { KernelOptions } from '../../../kernel/index.ts';
import { SlicesArbiter } from '../objects/slices.ts';
import { HoldsSwitching } from './holds-switching.ts';

export interface Scene {
  readonly scheduler: string;
  readonly degree: string;
  readonly harts: number;
  readonly seed: number;
  /** Threads beside the first, and what each does. */
  readonly threads: number;
  readonly actions: number;
  /** Who acts next: as time has it, at random, or against harts that are between two threads. */
  readonly schedule: 'time' | 'slices' | 'adverse';
  readonly options?: KernelOptions;
}

const AT = 0x0001_0000;
const FUTEXES = AT;
const NUMBERS = AT + 64;
const SETS = AT + 1024;
/** Far more than it takes. */
const MOST_STEPS = 600_000;
const SLICE = 300;

const sys = (name: SyscallName, ...words: number[]) => environmentCall(SYSCALL[name], ...words);

/** The next of a sequence of numbers below `limit`, whose state is at an address. */
function* draw(state: number, limit: number): Code<number> {
  const next = (Math.imul(yield load(state), 1_103_515_245) + 12_345) | 0;
  yield store(state, next);
  return (next >>> 8) % limit;
}

function* sleepsForEver(): Code {
  for (;;) yield sys('sleep', 1 << 29);
}

function* worksForEver(): Code {
  for (;;) yield work(50);
}

/** One action of the thread whose random state is at `state`. */
function* act(state: number): Code {
  const harts = yield sys('hartCount');
  const others = yield load(NUMBERS - 4);
  const other = yield load(NUMBERS + 4 * (yield* draw(state, Math.max(1, others))));
  const futex = FUTEXES + 4 * (yield* draw(state, 3));
  switch (yield* draw(state, 12)) {
    case 0:
      yield work(yield* draw(state, 900));
      return;
    case 1:
      yield sys('sleep', yield* draw(state, 1500));
      return;
    case 2:
    case 3:
      // Somebody wakes it, or the clock does: a wake-up that is lost shows in that others are not awaited.
      yield sys('futexWait', futex, yield load(futex), 3000);
      return;
    case 4:
      yield fetchAndAdd(futex, 1);
      yield sys('futexWake', futex, 1 + (yield* draw(state, 3)));
      return;
    case 5:
      yield sys('yield');
      return;
    case 6:
      yield sys('yieldTo', other);
      return;
    case 7: {
      const set = SETS + 4 * (yield* draw(state, 200));
      yield store(set, (1 << (yield* draw(state, harts))) | (1 << (yield* draw(state, harts))));
      yield sys('threadSetAffinity', other, set, 1);
      return;
    }
    case 8:
      yield sys('threadSetPriority', other, yield* draw(state, 32));
      return;
    case 9: {
      // Not for long, and not without slices: a thread that spins for one that may not run would never end.
      yield sys('threadSetClass', 0, yield* draw(state, 3));
      yield sys('threadSetClass', 0, 0);
      return;
    }
    case 10: {
      const entry = (yield* draw(state, 2)) === 0 ? sleepsForEver : worksForEver;
      const child = yield sys('spawn', yield addressOf(entry), 0, (yield* draw(state, harts + 1)) - 1);
      if (child > 0) {
        yield work(yield* draw(state, 800));
        yield sys('kill', child);
        yield sys('wait', child, 0);
      }
      return;
    }
    default:
      yield store(AT + 512 + 4 * (yield* draw(state, 8)), 1);
  }
}

function* actsAtRandom(state: number): Code<number> {
  const actions = yield load(FUTEXES + 32);
  for (let count = 0; count < actions; count += 1) yield* act(state);
  return state;
}

/** Hands a token round: each waits without a time-out until it is its turn. A wake-up that is lost leaves it waiting. */
function* passesOn(index: number): Code<number> {
  const turn = AT + 40;
  const members = yield load(AT + 44);
  for (let round = 0; round < 4; ) {
    const now = yield load(turn);
    if (now % members !== index) {
      yield sys('futexWait', turn, now, 0);
      continue;
    }
    round += 1;
    yield store(turn, now + 1);
    yield sys('futexWake', turn, members);
  }
  return 0;
}

function* starts(_: number, block: number): Code<number> {
  yield sys('mmap', AT, 8192, 3, 0);
  const seed = yield load(block + 28);
  const threads = yield load(block + 32);
  const harts = yield sys('hartCount');
  yield store(AT + 44, 3);
  yield store(FUTEXES + 32, yield load(block + 36));
  const state = AT + 4096;
  yield store(state, seed);
  const mine: number[] = [];
  for (let index = 0; index < 3; index += 1)
    mine.push(yield sys('threadSpawn', yield addressOf(passesOn), index, -1));
  for (let index = 0; index < threads; index += 1) {
    const own = state + 64 * (index + 1);
    yield store(own, seed + 77 * index);
    const hart = (yield* draw(state, 3)) === 0 ? yield* draw(state, harts) : -1;
    const number = yield sys('threadSpawn', yield addressOf(actsAtRandom), own, hart);
    yield store(NUMBERS + 4 * index, number);
    yield fetchAndAdd(NUMBERS - 4, 1);
    mine.push(number);
  }
  for (const number of mine) if ((yield sys('threadJoin', number, 0)) !== 0) return 7;
  return 0;
}

/** What is wrong with a run, first things first; nothing if all is well. */
export function problemsOf(scene: Scene): string[] {
  const { scheduler, degree, harts, seed, threads, actions, schedule, options = {} } = scene;
  const nodes = harts % 2 === 0 && harts > 2 ? 2 : 1;
  const machine = new Machine(
    presetConfig('cc-numa', { harts, nodes, seed, set: { memoryPerNode: 4 << 20 } }),
  );
  bootKernel(machine, {
    entry: starts,
    parameters: [seed, threads, actions],
    options: { scheduler, 'objects.runQueue': degree, slice: 3000, procrastination: 400, ...options },
  });
  const arbiters = {
    time: undefined,
    slices: new SlicesArbiter(seed),
    adverse: new HoldsSwitching(machine, seed),
  };
  const arbiter: Arbiter | undefined = arbiters[schedule];
  let steps = 0;
  for (; steps < MOST_STEPS; steps += SLICE) {
    const stop =
      arbiter === undefined ? machine.run({ instructions: SLICE }) : machine.runArbitrated(arbiter, SLICE);
    if (stop.kind === 'halted') {
      const broken = brokenOf(machine);
      const heap = checkInvariants(machine).find(({ id }) => id === 'heap')?.detail ?? '';
      if (stop.status !== 0) broken.push(`status ${stop.status}`);
      return heap === '0 blocks in use' ? broken : [...broken, heap];
    }
    if (stop.kind !== 'budget' && stop.kind !== 'arbiter')
      return [`${stop.kind} ${JSON.stringify(stop)}`, ...inspectThreads(machine).map(describeWait)];
    if (!kernelAtRest(machine)) continue;
    const broken = brokenOf(machine);
    if (broken.length > 0) return broken;
  }
  return ['it does not end', ...inspectThreads(machine).map(describeWait)];
}

const brokenOf = (machine: Machine): string[] =>
  checkInvariants(machine)
    .filter(({ ok }) => !ok)
    .map(({ id, detail }) => `${id}: ${detail}`);
