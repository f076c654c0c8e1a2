/**
 * Random programs of system calls: threads and processes that spawn, kill, wait for, wake and unmap each other
 * on several harts. Whatever they do to each other, the machine halts, the invariants hold, and nothing is left.
 * Each thread draws its calls from a number of its own, so a run is reproducible from its seed.
 */
import { expect, test } from 'vitest';
import { addressOf, type Code, load, store, work } from '../../../hw/isa/index.ts';
import { LIMIT, MAP, THREAD_BLOCK } from '../../../kernel/abi/index.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { run, sys } from '../run.ts';

const CALLS = 25;
const KNOWN_PAGE = 0x10000;

/** The next number of a thread, and a draw from it: Knuth's linear congruential generator. */
const advance = (state: number): number => (Math.imul(state, 1664525) + 1013904223) >>> 0;
const draw = (state: number, below: number): number => (state >>> 8) % below;

function* actor(seed: number, block: number): Code<number> {
  let state = advance(seed);
  let mapped = 0;
  for (let call = 0; call < CALLS; call += 1) {
    state = advance(state);
    const action = ACTIONS[draw(state, ACTIONS.length)];
    state = advance(state);
    const result = yield* action!(state, mapped, block);
    if (result !== undefined) mapped = result;
  }
  return 0;
}

/** Does something random; may give a new mapping of the thread (0: none). */
type Action = (state: number, mapped: number, block: number) => Code<number | undefined | void>;

const LENGTH = 3 * LIMIT.PAGE;

const ACTIONS: readonly Action[] = [
  function* threadSpawn(state) {
    yield sys('threadSpawn', yield addressOf(actor), state & 0xfffff, draw(state, 5) - 1);
  },
  function* spawn(state) {
    yield sys('spawn', yield addressOf(actor), state & 0xfffff, draw(state, 5) - 1);
  },
  function* mmap(state) {
    const kind = draw(state, 2) === 0 ? MAP.DISK : 0;
    return Math.max(0, yield sys('mmap', 0, LENGTH, MAP.READ | MAP.WRITE | kind, draw(state, 200)));
  },
  function* munmap(_, mapped) {
    yield sys('munmap', mapped, LENGTH);
    return 0;
  },
  function* munmapKnown() {
    yield sys('munmap', KNOWN_PAGE, LENGTH);
  },
  function* touch(state, mapped) {
    if (mapped !== 0) yield store(mapped + 4 * draw(state, LENGTH / 4), 1);
  },
  function* touchAgain(state, mapped) {
    if (mapped !== 0) yield store(mapped + 4 * draw(state, LENGTH / 4), 2);
  },
  function* touchNothing(state) {
    if (draw(state, 12) === 0) yield load(4 * draw(state, 1 << 28));
  },
  function* sleep(state) {
    yield sys('sleep', draw(state, 8000));
  },
  function* futexWait(state) {
    yield sys('futexWait', KNOWN_PAGE + 4 * draw(state, 8), 0, 1 + draw(state, 6000));
  },
  function* futexWake(state) {
    yield sys('futexWake', KNOWN_PAGE + 4 * draw(state, 8), draw(state, 4));
  },
  function* kill(state) {
    yield sys('kill', 2 + draw(state, 12));
  },
  function* wait(state, _, block) {
    yield sys('wait', 2 + draw(state, 12), draw(state, 3) === 0 ? block - 2048 : 0);
  },
  function* threadJoin(state) {
    yield sys('threadJoin', 1 + draw(state, 6), 0);
  },
  function* compute(state) {
    yield work(draw(state, 3000));
  },
  function* leave(state) {
    if (draw(state, 6) === 0) yield sys(draw(state, 2) === 0 ? 'threadExit' : 'exit', 2);
  },
];

function* endsTheRun(): Code {
  yield sys('sleep', 400_000);
  yield sys('exit', 7);
}

function* first(_: number, block: number): Code {
  yield sys('threadSpawn', yield addressOf(endsTheRun), 0, 0);
  yield sys('mmap', KNOWN_PAGE, LENGTH, MAP.READ | MAP.WRITE, 0);
  const seed = yield load(block + THREAD_BLOCK.PARAMETER);
  for (let count = 0; count < 4; count += 1)
    yield sys('threadSpawn', yield addressOf(actor), seed * 7 + count * 977, -1);
  yield sys('threadExit', 0);
}

const SEEDS = Array.from({ length: process.env['EDDY_DEEP'] ? 300 : 30 }, (_, seed) => seed);

const MEBIBYTE = 1 << 20;

/** Half of the machines have so little memory beside the kernel's tables that every call may find none. */
test.each(SEEDS)('seed %i', (seed) => {
  const harts = 1 << (seed % 4);
  const preset = seed % 2 === 0 ? 'cc-numa' : 'smp';
  const scarce = seed % 8 < 4;
  const hartsPerNode = preset === 'smp' ? harts : Math.min(4, harts);
  const tables = Math.min(1 << 16, Math.floor((0.7 * MEBIBYTE) / (4 * (harts + 1) * hartsPerNode)));
  const { machine, stop } = run(first, {
    preset,
    harts,
    seed: seed + 1,
    parameters: [seed],
    options: { slice: 1000 + (seed % 7) * 900, ...(scarce ? { refsPerHart: tables } : {}) },
    set: { memoryPerNode: scarce ? MEBIBYTE : 4 * MEBIBYTE },
  });
  expect(stop.kind).toBe('halted');
  const verdicts = checkInvariants(machine);
  expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
  expect(verdicts.find(({ id }) => id === 'heap')?.detail).toBe('0 blocks in use');
});
