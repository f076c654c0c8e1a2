/**
 * References that a program makes up reach no object while it is being made: a half-made one would be copied, with its
 * zeroes, into a representative that stays.
 */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { MAP } from '../../../kernel/abi/index.ts';
import { type ArgumentKind, SYSCALLS } from '../../../kernel/abi/syscalls.ts';
import { useCounter } from '../../../kernel/counters/counter-object.ts';
import { TRANSLATION_TABLE } from '../../../kernel/hart-local.ts';
import { bootKernel, STEP } from '../../../kernel/index.ts';
import { deref, tryDeref } from '../../../kernel/objects/translation-table.ts';
import { createRegion } from '../../../kernel/vm/create-region.ts';
import { REGION } from '../../../kernel/vm/region-layout.ts';
import { LINK_KIND } from '../../../kernel/vm/region-list.ts';
import { generationSlot, inside } from '../../../lab/experiments/framework/inside.ts';
import { check, run, sys } from '../run.ts';
import { bootedMachine, finish } from './kernel-machine.ts';
import { SlicesArbiter } from './slices.ts';

const FLAG = 0x10000;

function* forges(from: number): Code<number> {
  while ((yield load(FLAG)) === 0)
    for (let index = from; index < from + 8; index += 1) yield sys('counterRead', index);
  return 0;
}

function* child(): Code<number> {
  const page = yield sys('mmap', 0, 4096, MAP.READ | MAP.WRITE, 0);
  yield* check(page > 0 ? 1 : 0, 1, 1);
  yield store(page, 1);
  return 0;
}

function* spawner(): Code<number> {
  yield sys('mmap', FLAG, 4096, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
  yield store(FLAG, 0);
  const forger = yield sys('threadSpawn', yield addressOf(forges), 8, 1);
  for (let round = 0; round < 40; round += 1) {
    const number = yield sys('spawn', yield addressOf(child), 0, 1);
    yield* check(number > 0 ? 1 : 0, 1, 2);
    yield* check(yield sys('wait', number, FLAG + 64), number, 3);
    yield* check(yield load(FLAG + 64), 0, 4);
  }
  yield store(FLAG, 1);
  yield* check(yield sys('threadJoin', forger, 0), 0, 5);
  return 0;
}

test.each([
  ['smp', 1],
  ['smp', 2],
  ['cc-numa', 1],
  ['ncc-numa', 1],
] as const)('no reference that a program makes up harms the kernel: %s, seed %i', (preset, seed) => {
  const { stop, output } = run(spawner, { preset, harts: 2, seed });
  expect(stop, output).toEqual({ kind: 'halted', status: 0 });
});

/** What a forged counterRead does in the kernel (syscalls/counter.ts). */
function* forge(local: number, ref: number): Code {
  yield* useCounter(local, ref, 0, { handle: ref >>> 2, owner: 7 });
}

const REQUEST = { address: 0, pages: 20, flags: MAP.READ | MAP.WRITE, block: 0, kind: LINK_KIND.mapped };

/** Hart 0 makes a region as mmap does while hart 1 looks forged references up; what hart 1 has of it afterwards. */
function regionSeen(seed: number, storeBuffer: number) {
  const machine = bootedMachine({
    harts: 2,
    seed,
    set: { storeBuffer },
    options: { 'objects.region': 'hart', 'objects.fcm': 'hart' },
  });
  const seen = { flags: -1 };
  let ref = 0;
  const state = { done: false };
  finish(
    machine,
    function* (local, hart) {
      const slot = yield* generationSlot();
      if (hart === 0) {
        ref = yield* createRegion(local, 4 * 63, 0x10000, REQUEST);
        state.done = true;
      }
      if (hart === 0) return;
      while (!state.done) for (const index of [2, 3]) yield* inside(local, slot, forge(local, 4 * index));
    },
    new SlicesArbiter(seed),
  );
  finish(machine, function* (_, hart) {
    if (hart === 0) return;
    const region = yield* deref(ref);
    seen.flags = yield load(region + REGION.flags);
  });
  return seen;
}

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

describe('a region that is made while another hart has its reference looked up', () => {
  test.each([0, 4])('is whole there, with a store buffer of %i', (storeBuffer) => {
    const broken = SEEDS.map((seed) => ({ seed, ...regionSeen(seed, storeBuffer) })).filter(
      ({ flags }) => flags !== REQUEST.flags,
    );
    expect(broken).toEqual([]);
  });
});

/** From user level. */
const SHARED = 0x10000;
const HANDLE = SHARED + 64;
const ANSWER = SHARED + 128;
const LAST = SHARED + 192;

/** Has the reference that was used last looked up again and again; adds to a counter when it is told its handle. */
function* forgesLast(): Code<number> {
  for (;;) {
    const handle = yield load(HANDLE);
    if (handle === -1) return 0;
    if (handle !== 0) {
      const result = yield sys('counterAdd', handle, 1);
      yield store(HANDLE, 0);
      yield store(ANSWER, result === 0 ? 1 : result);
    }
    yield sys('counterRead', yield load(LAST));
  }
}

function* counters(forged: number): Code<number> {
  yield sys('mmap', SHARED, 4096, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
  yield store(LAST, 10 + 20 * (forged & 1));
  const forger = yield sys('threadSpawn', yield addressOf(forgesLast), 0, 1);
  for (let round = 0; round < 40; round += 1) {
    const handle = yield sys('counterCreate', 0, 1);
    yield* check(handle > 0 ? 1 : 0, 1, 1);
    yield store(ANSWER, 0);
    yield store(HANDLE, handle);
    let answer = yield load(ANSWER);
    while (answer === 0) answer = yield load(ANSWER);
    yield* check(answer, 1, 2);
    if (forged !== 1) yield store(LAST, handle & 31);
    yield* check(yield sys('counterDestroy', handle), 0, 3);
    for (let pause = 0; pause < 10; pause += 1) yield sys('yield');
  }
  yield store(HANDLE, -1);
  yield* check(yield sys('threadJoin', forger, 0), 0, 4);
  return 0;
}

function* control(): Code<number> {
  return yield* counters(1);
}

function endsOf(entry: (argument: number) => Code<number>) {
  return SEEDS.slice(0, 20).map((seed) => {
    const machine = new Machine(presetConfig('smp', { harts: 2, seed, set: { memoryPerNode: 8 << 20 } }));
    bootKernel(machine, { entry, options: { refsPerHart: 16 } });
    const stop = machine.runArbitrated(new SlicesArbiter(seed), 400_000);
    return { seed, ...stop };
  });
}

const failures = (entry: (argument: number) => Code<number>) =>
  endsOf(entry).filter((end) => end.kind === 'panic' || (end.kind === 'halted' && end.status !== 0));

test('a counter that is made meanwhile can be used by its handle: the program is not told EBADF', () => {
  expect(failures(counters)).toEqual([]);
});

test('nor with a reference that is not used', () => {
  expect(failures(control)).toEqual([]);
});

test('a forged reference makes no representative of an object that is no counter', () => {
  const machine = bootedMachine({ harts: 2, options: { 'objects.region': 'hart' } });
  let ref = 0;
  finish(machine, function* (local, hart) {
    const slot = yield* generationSlot();
    if (hart === 0) ref = yield* inside(local, slot, createRegion(local, 4 * 63, 0x10000, REQUEST));
  });
  const made: boolean[] = [];
  finish(machine, function* (local, hart) {
    if (hart === 0) return;
    const slot = yield* generationSlot();
    yield* inside(local, slot, forge(local, ref));
    made.push((yield load(local + TRANSLATION_TABLE + ref)) !== 0);
    yield* tryDeref(ref);
    made.push((yield load(local + TRANSLATION_TABLE + ref)) !== 0);
  });
  expect(made).toEqual([false, true]);
});

const HANDLES: ReadonlySet<string> = new Set<ArgumentKind>([
  'counter',
  'mutex',
  'rwlock',
  'condition',
  'semaphore',
  'barrier',
  'sync',
  'port',
  'binding',
  'exported',
  'lrpcBinding',
]);
/** Calls whose first argument is a handle. */
const BY_HANDLE = SYSCALLS.filter((row) => {
  const [first]: readonly { readonly kind: string }[] = row.arguments;
  return first !== undefined && HANDLES.has(first.kind);
});

/** Tries every one of them with every reference that there is. (Handles begin with a serial number above 0.) */
function* triesAll(references: number): Code<number> {
  for (let index = 0; index < references; index += 1)
    for (const { name } of BY_HANDLE) {
      const result = yield sys(name, index, 0, 0, 0, 0, 0);
      if (result >= 0) return 1;
    }
  return 0;
}

/** How many representatives hart 1 makes on which a thread tries so many references. */
function made(references: number): number {
  let count = 0;
  const { stop } = run(
    function* () {
      yield sys('mutexCreate');
      yield sys('mmap', FLAG, 4096, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
      const thread = yield sys('threadSpawn', yield addressOf(triesAll), references, 1);
      yield* check(yield sys('threadJoin', thread, FLAG), 0, 1);
      yield* check(yield load(FLAG), 0, 2);
      return 0;
    },
    {
      preset: 'smp',
      harts: 2,
      options: { refsPerHart: 32, 'objects.region': 'hart', 'objects.fcm': 'hart' },
      watch: (machine) =>
        void machine.trace.attach({
          event: (event) => {
            if (event.kind === 'enter' && event.step === STEP.createRep && event.hart === 1) count += 1;
          },
        }),
    },
  );
  expect(stop).toEqual({ kind: 'halted', status: 0 });
  return count;
}

test('no call makes a representative of what a forged handle leads to', () => {
  expect(BY_HANDLE.length).toBeGreaterThan(20);
  expect(made(64)).toBe(made(0));
});
