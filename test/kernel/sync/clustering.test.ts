/** What representatives are good for: calls on objects with one for all harts, and with more, by the cycles they take. */
import { expect, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { expectStatus, sys } from '../run.ts';

const HARTS = 16;
/** So many that the first use of everything hardly weighs. */
const ROUNDS = 96;
const READ = 1;
const NEXT = 64;
const READY = 128;
const CYCLES = 192;

/** Reads, or meets the others, again and again, and adds what it took. */
function* uses(page: number): Code {
  const me = yield fetchAndAdd(page + NEXT, 1);
  const handle = yield load(page);
  const reads = (yield load(page + 4)) === READ;
  yield fetchAndAdd(page + READY, 1);
  yield spinUntil(page + READY, HARTS);
  const start = yield sys('clock');
  for (let round = 0; round < ROUNDS; round += 1) {
    if (reads) {
      yield sys('rwlockRead', handle, 0);
      yield sys('rwlockUnlock', handle);
    } else yield sys('barrierWait', handle, me, 0);
  }
  yield fetchAndAdd(page + CYCLES, (yield sys('clock')) - start);
}

/** Prints the mean number of cycles of a round. */
function* measures(_: number, block: number): Code<number> {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  const reads = yield load(block + 28);
  const harts = yield load(block + 32);
  yield store(
    page,
    reads === READ ? yield sys('rwlockCreate', harts) : yield sys('barrierCreate', HARTS, harts),
  );
  yield store(page + 4, reads);
  const threads: number[] = [];
  for (let hart = 0; hart < HARTS; hart += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(uses), page, hart));
  for (const thread of threads) yield sys('threadJoin', thread, 0);
  const mean = ((yield load(page + CYCLES)) / (HARTS * ROUNDS)) | 0;
  const text = String(mean).padStart(8, '0');
  for (let at = 0; at < 8; at += 4) {
    const bytes = [0, 1, 2, 3].map((index) => text.charCodeAt(at + index));
    yield store(
      page + 1024 + at,
      bytes.reduceRight((word, byte) => (word << 8) | byte, 0),
    );
  }
  yield sys('consoleWrite', page + 1024, 8);
  return 0;
}

const cyclesOf = (preset: string, reads: number, harts: number): number =>
  Number(expectStatus(0, measures, { preset, harts: HARTS, parameters: [reads, harts] }).output);

test.each(['smp', 'cc-numa'])('%s: reading is cheaper with a count of readers for each hart', (preset) => {
  expect(cyclesOf(preset, READ, 1)).toBeLessThan(0.8 * cyclesOf(preset, READ, HARTS));
});

test.each(['smp', 'cc-numa'])('%s: meeting is cheaper with a leaf for every four harts', (preset) => {
  expect(cyclesOf(preset, 0, 4)).toBeLessThan(0.9 * cyclesOf(preset, 0, HARTS));
});
