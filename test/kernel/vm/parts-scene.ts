/** Harts that fault at the same time on pages of an FCM none of whose parts has been made: again and again. */
import { addressOf, type Code, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { MAP } from '../../../kernel/abi/index.ts';
import { bootKernel, checkInvariants } from '../../../kernel/index.ts';
import { SlicesArbiter } from '../objects/slices.ts';
import { sys } from '../run.ts';

const HARTS = 3;
const PAGE = 4096;
const ROUNDS = 6;
const SHARED = 0x10_0000;
const ARRIVED = SHARED + 64;
const REGION = 0x20_0000;
const RW = MAP.READ | MAP.WRITE | MAP.FIXED;

/** Waits until all have come for the n-th time. */
function* meet(count: number): Code {
  yield fetchAndAdd(ARRIVED, 1);
  while ((yield load(ARRIVED)) < HARTS * count) yield load(SHARED);
}

function* toucher(index: number): Code<number> {
  for (let round = 0; round < ROUNDS; round += 1) {
    if (index === 0) yield sys('mmap', REGION, 20 * PAGE, RW, 0);
    yield* meet(2 * round + 1);
    // All of them want the same parts, one after the other.
    for (let page = 0; page < HARTS; page += 1) yield store(REGION + page * PAGE + 4 * index, page + 1);
    for (let page = 0; page < HARTS; page += 1)
      if ((yield load(REGION + page * PAGE + 4 * index)) !== page + 1) return 1;
    yield* meet(2 * round + 2);
    if (index === 0) yield sys('munmap', REGION, 20 * PAGE);
  }
  return 0;
}

function* main(): Code<number> {
  yield sys('mmap', SHARED, PAGE, RW, 0);
  yield store(ARRIVED, 0);
  const threads: number[] = [];
  for (let index = 1; index < HARTS; index += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(toucher), index, index));
  let wrong = yield* toucher(0);
  for (const thread of threads) {
    yield sys('threadJoin', thread, SHARED + 128);
    wrong += yield load(SHARED + 128);
  }
  return wrong;
}

/** What is wrong with a run by the schedule of a seed. */
export function problemOfParts(seed: number): string | undefined {
  const machine = new Machine(presetConfig('smp', { harts: HARTS, seed, set: { memoryPerNode: 4 << 20 } }));
  bootKernel(machine, { entry: main, options: { 'objects.fcm': 'hart' } });
  const stop = machine.runArbitrated(new SlicesArbiter(seed), 600_000);
  if (stop.kind !== 'halted') return JSON.stringify(stop);
  if (stop.status !== 0) return `status ${stop.status}`;
  return checkInvariants(machine).find(({ ok }) => !ok)?.detail;
}

/** The first seed from 1 on at which something is wrong, of so many. */
export function firstProblem(seeds: number): string | undefined {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const problem = problemOfParts(seed);
    if (problem !== undefined) return `seed ${seed}: ${problem}`;
  }
  return undefined;
}
