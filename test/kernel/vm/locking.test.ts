/** Hierarchical locking and every degree of clustering give the same results; what is in use keeps its ancestors. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { bootKernel, type KernelOptions } from '../../../kernel/index.ts';
import { insideOf } from '../../../kernel/locks/counted.ts';
import { repsOfRoot } from '../../../kernel/inspect/objects.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { PROCESS, PROCESS_REP } from '../../../kernel/processes/process.ts';
import { LINK } from '../../../kernel/vm/region-list.ts';
import { REGION } from '../../../kernel/vm/region-layout.ts';
import { check, expectStatus, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;
const PAGES = 40;

/** Pages of a region of all threads, then of one of its own, which comes and goes. */
function* worker(shared: number): Code {
  for (let page = 0; page < PAGES; page += 1) {
    if ((yield load(shared + page * PAGE)) !== 0) yield sys('exit', 2);
    yield sys('futexWake', shared + page * PAGE, 1);
  }
  for (let round = 0; round < 3; round += 1) {
    const own = yield sys('mmap', 0, 20 * PAGE, RW | (round === 1 ? MAP.DISK : 0), 64 * round);
    for (let page = 0; page < 20; page += 1) yield store(own + page * PAGE, round);
    if ((yield sys('munmap', own, 20 * PAGE)) !== 0) yield sys('exit', 3);
  }
}

function* everything(): Code<number> {
  const shared = yield sys('mmap', 0, PAGES * PAGE, RW, 0);
  const threads: number[] = [];
  for (let count = 0; count < 6; count += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(worker), shared, -1));
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, 0), 0, 1);
  return 0;
}

const CHOICES: readonly KernelOptions[] = [
  { locking: 'hierarchical' },
  { locking: 'hierarchical', 'objects.fcm': 'hart', 'objects.region': 'hart' },
  { 'objects.process': 'shared', 'objects.region': 'shared', 'objects.fcm': 'shared' },
  { 'objects.process': 'hart', 'objects.region': 'hart', 'objects.fcm': 'hart' },
  {
    'objects.process': 'group:3',
    'objects.region': 'node',
    'objects.fcm': 'group:2',
    'objects.generations': 1,
  },
];

describe.each(CHOICES.map((options) => ({ options })))('with $options', ({ options }) => {
  test.each([1, 4, 8])('threads map, touch and unmap on %i harts', (harts) => {
    expectStatus(0, everything, { harts, options });
  });
});

function* faultsFromDisk(): Code<number> {
  const base = yield sys('mmap', 0, PAGE, RW | MAP.DISK, 64);
  yield load(base);
  return 0;
}

test('a process counts what is in use of its regions, so it stays while a fault waits for the disk', () => {
  const machine = new Machine(presetConfig('cc-numa', { harts: 2 }));
  bootKernel(machine, { entry: faultsFromDisk });
  const reader = new Reader(machine);
  const count = (ref: number, offset: number): number =>
    repsOfRoot(reader, reader.rootOf(ref)).reduce((sum, rep) => sum + insideOf(reader.word(rep + offset)), 0);
  let most = 0;
  while (machine.run({ instructions: 7 }).kind === 'budget') {
    const [process] = reader.processes();
    if (process === undefined) continue;
    const regions = reader.links(process).map((link) => reader.word(link + LINK.region));
    const inUse = regions.reduce((sum, ref) => sum + (ref === 0 ? 0 : count(ref, REGION.inUse)), 0);
    most = Math.max(most, inUse);
    // The ancestor is counted first, and counted off last.
    expect(count(reader.word(process + PROCESS.ref), PROCESS_REP.inUse)).toBeGreaterThanOrEqual(inUse);
  }
  expect(most).toBe(1);
});
