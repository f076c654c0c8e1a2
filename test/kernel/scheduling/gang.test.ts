/** What gang promises: threads of one process run at the same time, and so do not wait for each other's slices. */
import { expect, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, spinUntilNot, store, work } from '../../../hw/isa/index.ts';
import { inspectThreads } from '../../../kernel/index.ts';
import { check, expectInvariants, run, sys } from '../run.ts';

const HARTS = 4;
const PAGE = 0x0001_0000;
const ARRIVED = PAGE;
const SENSE = PAGE + 64;
const ROUNDS = 120;

/** Computes and meets the others at a barrier, spinning. */
function* meets(member: number): Code<number> {
  for (let round = 0; round < ROUNDS; round += 1) {
    yield work(400 + 100 * member);
    if ((yield fetchAndAdd(ARRIVED, 1)) % HARTS === HARTS - 1) yield store(SENSE, round + 1);
    else yield spinUntilNot(SENSE, round);
  }
  return 0;
}

/** A process of as many threads as there are harts. */
function* meeting(): Code<number> {
  yield* check(yield sys('mmap', PAGE, 4096, 3, 0), PAGE, 1);
  const others: number[] = [];
  for (let member = 1; member < HARTS; member += 1)
    others.push(yield sys('threadSpawn', yield addressOf(meets), member, -1));
  yield* meets(0);
  for (const other of others) yield sys('threadJoin', other, 0);
  return 0;
}

function* alone(): Code<number> {
  for (let part = 0; part < 30; part += 1) yield work(2000);
  return 0;
}

/** Two such processes, and one of a single thread. */
function* starts(): Code<number> {
  const children: number[] = [];
  for (const entry of [meeting, alone, meeting])
    children.push(yield sys('spawn', yield addressOf(entry), 0, -1));
  for (const child of children) yield sys('wait', child, 0);
  return 0;
}

/** Cycles until all are done; how often, of the times at which all harts ran threads, these were of one process. */
function runUnder(scheduler: string): { readonly cycles: number; readonly together: number } {
  const { machine, stop } = run(starts, {
    harts: HARTS,
    nodes: 1,
    options: { scheduler, slice: 20_000 },
    steps: 1,
  });
  let last = stop;
  let [looks, all, together] = [0, 0, 0];
  while (last.kind === 'budget') {
    last = machine.run({ cycles: (looks += 1) * 1000 });
    const running = inspectThreads(machine).filter(({ state }) => state === 'running');
    if (running.length < HARTS) continue;
    all += 1;
    if (new Set(running.map(({ process }) => process)).size === 1) together += 1;
  }
  expect(last).toEqual({ kind: 'halted', status: 0 });
  expectInvariants(machine);
  return { cycles: machine.now(), together: together / all };
}

test('processes that meet at barriers run as a whole, and are done earlier than under fcfs', () => {
  const [one, other] = [runUnder('fcfs'), runUnder('gang')];
  expect(one.together).toBeLessThan(0.1);
  expect(other.together).toBeGreaterThan(0.5);
  expect(other.cycles).toBeLessThan(0.5 * one.cycles);
});

function* spins(): Code<number> {
  for (;;) yield work(500);
}

function* spinning(): Code {
  for (let member = 1; member < HARTS; member += 1)
    yield sys('threadSpawn', yield addressOf(spins), member, -1);
  yield* spins();
}

/** Two gangs that never end, this process being the first to run, and a thread that may run on one hart only. */
function* starvesNobody(): Code<number> {
  for (let member = 0; member < HARTS; member += 1)
    yield sys('threadSpawn', yield addressOf(spins), member, -1);
  yield sys('spawn', yield addressOf(spinning), 0, -1);
  yield sys('wait', yield sys('spawn', yield addressOf(alone), 0, HARTS - 1), 0);
  yield sys('exit', 0);
  return 3;
}

test('a thread of no gang that is bound to a hart gets on', () => {
  const { machine, stop } = run(starvesNobody, {
    harts: HARTS,
    options: { scheduler: 'gang', slice: 10_000 },
    steps: 300_000,
  });
  expect(stop).toEqual({ kind: 'halted', status: 0 });
  expectInvariants(machine);
});
