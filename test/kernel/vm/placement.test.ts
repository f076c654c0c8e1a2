import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { ERROR, LIMIT, MAP, PLACEMENT } from '../../../kernel/abi/index.ts';
import { inspectPaging, Reader } from '../../../kernel/index.ts';
import { pagesOf } from '../../../kernel/inspect/pages.ts';
import { check, expectInvariants, expectStatus, run, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;
const BASE = 0x40_0000;
const PAGES = 8;
const MACHINE = { preset: 'cc-numa', harts: 4, nodes: 4 } as const;

/** Where the pages of the mapping lie, by node. */
function nodesOf(machine: Machine, process = 0): number[] {
  const reader = new Reader(machine);
  const { memoryPerNode } = machine.config;
  return pagesOf(reader, reader.processes()[process] as number)
    .filter(({ user }) => user >= BASE && user < BASE + PAGES * PAGE)
    .toSorted((a, b) => a.user - b.user)
    .map(({ frame }) => Math.floor(frame / memoryPerNode));
}

function* maps(): Code {
  yield* check(yield sys('mmap', BASE, PAGES * PAGE, RW | MAP.FIXED, 0), BASE, 1);
}

function* fills(): Code {
  for (let page = 0; page < PAGES; page += 1) yield store(BASE + page * PAGE, 100 + page);
}

/** Goes on for ever, so that the pages can be looked at. */
function* lingers(): Code<number> {
  for (;;) yield load(BASE);
}

function* touchesAll(): Code<number> {
  for (let page = 0; page < PAGES; page += 1) yield* check(yield load(BASE + page * PAGE), 100 + page, 2);
  return 0;
}

function* onNode(node: number): Code {
  yield* check(
    yield sys('threadJoin', yield sys('threadSpawn', yield addressOf(touchesAll), 0, node), 0),
    0,
    3,
  );
}

function* byOption(): Code<number> {
  yield* maps();
  yield* fills();
  return yield* lingers();
}

function* bound(): Code<number> {
  yield* maps();
  yield* check(yield sys('memoryPlace', BASE + 5, PLACEMENT.BIND, 2), 0, 4);
  yield* fills();
  return yield* lingers();
}

function* moved(): Code<number> {
  yield* maps();
  yield* check(yield sys('memoryPlace', BASE, PLACEMENT.MIGRATE, 0), 0, 4);
  yield* fills();
  // Mapped as they are, pages stay; nobody has a fault.
  yield* onNode(1);
  yield* check(yield sys('pageUnmap', BASE + PAGE, 3 * PAGE), 0, 5);
  yield* onNode(3);
  return yield* lingers();
}

function* readsAsCopy(): Code<number> {
  for (let page = 0; page < PAGES / 2; page += 1) yield* check(yield load(BASE + page * PAGE), 100 + page, 6);
  // A store to a replica is to a page of its own, as every store of a copy.
  yield store(BASE + PAGE, 7);
  yield* check(yield load(BASE + PAGE), 7, 7);
  return yield* lingers();
}

function* copied(): Code<number> {
  yield* maps();
  yield* fills();
  yield sys('fork', yield addressOf(readsAsCopy), 0, 2);
  yield sys('sleep', 200_000);
  for (let page = 0; page < PAGES; page += 1) yield* check(yield load(BASE + page * PAGE), 100 + page, 8);
  return yield* lingers();
}

function* refused(): Code<number> {
  yield* maps();
  yield* check(yield sys('memoryPlace', BASE, -1, 0), ERROR.EINVAL, 1);
  yield* check(yield sys('memoryPlace', BASE, 5, 0), ERROR.EINVAL, 2);
  yield* check(yield sys('memoryPlace', BASE, PLACEMENT.BIND, 4), ERROR.EINVAL, 3);
  yield* check(yield sys('memoryPlace', BASE, PLACEMENT.BIND, -1), ERROR.EINVAL, 4);
  yield* check(yield sys('memoryPlace', BASE + PAGES * PAGE, 0, 0), ERROR.EFAULT, 5);
  yield* check(yield sys('memoryPlace', -4, 0, 0), ERROR.EFAULT, 6);
  return 0;
}

/** A thread on each node writes and reads pages that all of them send round. */
function* sendsRound(me: number): Code<number> {
  for (let turn = 1; turn <= 12; turn += 1) {
    const page = BASE + ((turn + me) % PAGES) * PAGE;
    yield store(page + 64 * (me + 1), turn);
    yield sys('pageUnmap', page, PAGE);
    yield* check(yield load(page + 64 * (me + 1)), turn, 10);
  }
  return 0;
}

function* sendRound(_: number, block: number): Code<number> {
  yield* maps();
  const threads: number[] = [];
  for (let node = 0; node < 4; node += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(sendsRound), node, node));
  for (const thread of threads) {
    yield* check(yield sys('threadJoin', thread, block - 512), 0, 11);
    yield* check(yield load(block - 512), 0, 12);
  }
  return 0;
}

const lookAt = (entry: () => Code<number>, options = {}): number[] => {
  const { machine } = run(entry, { ...MACHINE, options, set: { memoryPerNode: 1 << 20 }, steps: 60_000 });
  return nodesOf(machine);
};

describe('pages of a copy that is only read', () => {
  const look = (placement: 'first-touch' | 'replicate'): { near: number; replicated: number } => {
    const { machine } = run(copied, {
      ...MACHINE,
      options: { placement },
      set: { memoryPerNode: 1 << 20 },
      steps: 150_000,
    });
    const near = nodesOf(machine, 1).filter((node) => node === 2).length;
    return { near, replicated: inspectPaging(machine).replicated };
  };

  test('are those of what it was copied from', () => {
    // What it has stored to lies where it did that.
    expect(look('first-touch')).toEqual({ near: 1, replicated: 0 });
  });

  test('lie near it, if it is to have replicas', () => {
    expect(look('replicate')).toEqual({ near: 4, replicated: 4 });
  });
});

describe('pages lie', () => {
  test('where they are touched first', () => {
    expect(lookAt(byOption)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
  test('in turn on all nodes', () => {
    expect(lookAt(byOption, { placement: 'interleave' })).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });
  test('where they are bound to', () => {
    expect(lookAt(bound)).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
    expect(lookAt(byOption, { placement: 'bind' })).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
  test('where they are touched next', () => {
    expect(lookAt(moved)).toEqual([0, 3, 3, 3, 0, 0, 0, 0]);
  });
});

test('a placement that there is not, and memory that there is not, are refused', () => {
  expectStatus(0, refused, MACHINE);
});

test.each([1, 2, 3])('pages that move all the time keep what is in them (seed %d)', (seed) => {
  const outcome = expectStatus(0, sendRound, { ...MACHINE, seed, options: { placement: 'migrate' } });
  expect(inspectPaging(outcome.machine).moved).toBeGreaterThan(10);
  expectInvariants(outcome.machine);
});
