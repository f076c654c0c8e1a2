/** What cache-aware promises: threads that need much of the last-level cache do not run together while frugal ones wait. */
import { expect, test } from 'vitest';
import { addressOf, type Code, load, work } from '../../../hw/isa/index.ts';
import { inspectThreads } from '../../../kernel/index.ts';
import { check, type Entry, expectInvariants, run, sys } from '../run.ts';

const HUNGRY = 4;
const FRUGAL = 8;
const KIBIBYTE = 1024;
const AREAS = 0x0001_0000;
const AREA = 32 * KIBIBYTE;
const LINE = 64;

/** Goes over all of its area again and again, which is eight times the hart's own cache. */
function* eats(area: number): Code<number> {
  for (;;) for (let at = area; at < area + AREA; at += LINE) yield load(at);
}

function* computes(area: number): Code<number> {
  for (;;) {
    yield work(50);
    yield load(area);
  }
}

/** Notes the numbers of its threads: those of hungry ones first. */
const startsNoting = (numbers: number[]): Entry =>
  function* starts(_, block) {
    const cycles = yield load(block + 28);
    yield* check(yield sys('mmap', AREAS, (HUNGRY + FRUGAL) * AREA, 3, 0), AREAS, 1);
    for (let index = 0; index < HUNGRY + FRUGAL; index += 1) {
      const entry = yield addressOf(index < HUNGRY ? eats : computes);
      numbers.push(yield sys('threadSpawn', entry, AREAS + index * AREA, -1));
    }
    yield sys('sleep', cycles);
    yield sys('exit', 0);
    return 3;
  };

/** How often, of the times one looked, several hungry threads ran though a frugal one waited; and turns of hungry ones. */
function looksOf(scheduler: string): { readonly crowded: number; readonly hungryRan: number } {
  const numbers: number[] = [];
  const { machine, stop } = run(startsNoting(numbers), {
    harts: 4,
    nodes: 1,
    parameters: [900_000],
    set: { l1: { size: 4 * KIBIBYTE, ways: 4, line: LINE }, llc: { size: 32 * KIBIBYTE, ways: 16 } },
    options: { scheduler, slice: 40_000 },
    steps: 5000,
  });
  let last = stop;
  const looks = { all: 0, crowded: 0, hungry: new Set<number>() };
  while (last.kind === 'budget') {
    last = machine.run({ instructions: 400 });
    const threads = inspectThreads(machine);
    const [hungry, frugal] = [numbers.slice(0, HUNGRY), numbers.slice(HUNGRY)];
    const running = threads.filter(({ state, thread }) => state === 'running' && hungry.includes(thread));
    // Until all have had turns, nobody knows who is hungry.
    if (machine.clock(0) < 500_000) continue;
    looks.all += 1;
    for (const { thread } of running) looks.hungry.add(thread);
    const waits = threads.some(({ state, thread }) => state === 'runnable' && frugal.includes(thread));
    if (running.length > 1 && waits) looks.crowded += 1;
  }
  expect(last).toEqual({ kind: 'halted', status: 0 });
  expectInvariants(machine);
  return { crowded: looks.crowded / looks.all, hungryRan: looks.hungry.size };
}

test('hungry threads run one at a time while frugal ones wait, and each of them gets on', () => {
  const [one, other] = [looksOf('fcfs'), looksOf('cache-aware')];
  expect(one.crowded).toBeGreaterThan(0.15);
  expect(other.crowded).toBeLessThan(0.05);
  expect(other.hungryRan).toBe(HUNGRY);
});
