/**
 * Invariants 2, 3 and 8 (frames, TLBs, isolation): random mmap, munmap, mprotect, fork, madvise, msync, loads and stores by
 * several threads and their processes' children, each checked against what it should find. A thread has pages of its own,
 * in one region with those of the others at first, so that it cuts what they fault on.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ADVICE, ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { FcmCopy } from '../../../kernel/vm/fcm-copy.ts';
import { FcmTree } from '../../../kernel/vm/fcm-tree.ts';
import { Hat } from '../../../kernel/vm/hat.ts';
import { type Choice, expectStatus, run, sys } from '../run.ts';

afterEach(() => vi.restoreAllMocks());

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;
const BASE = 0x40_0000;
const THREADS = 3;
const PAGES = 5;
const SEARCHES = process.env['EDDY_DEEP'] === undefined ? 1 : 100;

/** What a page should hold; no rights: it is not mapped, or nobody may touch it. */
interface PageModel {
  mapped: boolean;
  rights: number;
  value: number;
}

/** What a thread knows, by the number that it is started with. */
interface Actor {
  readonly thread: number;
  readonly seed: number;
  readonly depth: number;
  readonly pages: PageModel[];
}

const actors: Actor[] = [];

/** A small generator, so that a run is a matter of its seed. */
function dice(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function* fail(mark: number): Code {
  yield sys('exit', mark);
}

function* actor(number: number, block: number): Code<number> {
  const { thread, seed, depth, pages } = actors[number] as Actor;
  const next = dice(seed);
  const at = (page: number): number => BASE + (thread * PAGES + page) * PAGE;
  const children: number[] = [];
  for (const [page, model] of pages.entries())
    if (model.mapped && model.rights !== 0 && (yield load(at(page))) !== model.value) yield* fail(10);
  for (let step = 0; step < 24 >> depth; step += 1) {
    const page = next(PAGES);
    const count = 1 + next(PAGES - page);
    const range = pages.slice(page, page + count);
    const model = pages[page] as PageModel;
    const bytes = count * PAGE;
    const whole = range.every(({ mapped }) => mapped);
    let expected = 0;
    let result = 0;
    switch (next(9)) {
      case 0:
        expected = range.some(({ mapped }) => mapped) ? 0 : ERROR.EINVAL;
        result = yield sys('munmap', at(page), bytes);
        if (expected === 0) for (const one of range) one.mapped = false;
        break;
      case 1:
        expected = range.some(({ mapped }) => mapped) ? ERROR.EINVAL : at(page);
        result = yield sys('mmap', at(page), bytes, RW | MAP.FIXED, 0);
        if (expected > 0) for (const one of range) Object.assign(one, { mapped: true, rights: RW, value: 0 });
        break;
      case 2: {
        const rights = [0, MAP.READ, RW, RW][next(4)] as number;
        expected = whole ? 0 : ERROR.EFAULT;
        result = yield sys('mprotect', at(page), bytes, rights);
        if (whole) for (const one of range) one.rights = rights;
        break;
      }
      case 3:
        expected = whole ? 0 : ERROR.EFAULT;
        result = yield sys('madvise', at(page), bytes, ADVICE.DONTNEED);
        if (whole) for (const one of range) one.value = 0;
        break;
      case 4:
        if (!model.mapped) break;
        result = yield sys(next(2) === 0 ? 'pageUnmap' : 'msync', at(page), PAGE);
        break;
      case 5: {
        if (depth > 1) break;
        // Before anything is yielded: another thread may make one, too.
        const born = {
          thread,
          seed: next(1 << 30),
          depth: depth + 1,
          pages: pages.map((one) => ({ ...one })),
        };
        const index = actors.push(born) - 1;
        const child = yield sys('fork', yield addressOf(actor), index, -1);
        if (child < 0) yield* fail(11);
        children.push(child);
        break;
      }
      default:
        if (!model.mapped || (model.rights & MAP.WRITE) === 0) break;
        model.value = next(1 << 30);
        yield store(at(page), model.value);
    }
    if (result !== expected) yield* fail(12);
    for (const [index, one] of pages.entries())
      if (one.mapped && one.rights !== 0 && (yield load(at(index))) !== one.value) yield* fail(13);
  }
  for (const child of children) {
    if ((yield sys('wait', child, block - 768)) !== child) yield* fail(14);
    if ((yield load(block - 768)) !== 0) yield* fail(15);
  }
  return 0;
}

/** Each child ends with status 0, or the whole run does not. */
function* first(_: number, block: number): Code<number> {
  yield sys('mmap', BASE, THREADS * PAGES * PAGE, RW | MAP.FIXED, 0);
  const threads: number[] = [];
  for (let thread = 0; thread < THREADS; thread += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(actor), thread, -1));
  for (const thread of threads) {
    yield sys('threadJoin', thread, block - 512);
    if ((yield load(block - 512)) !== 0) return 20;
  }
  return 0;
}

function begin(seed: number): void {
  actors.length = 0;
  for (let thread = 0; thread < THREADS; thread += 1) {
    const pages = Array.from({ length: PAGES }, () => ({ mapped: true, rights: RW, value: 0 }));
    actors.push({ thread, seed: seed * THREADS + thread, depth: 0, pages });
  }
}

const MACHINES: readonly Choice[] = [
  { preset: 'cc-numa', harts: 1 },
  { preset: 'smp', harts: 4 },
  { preset: 'ncc-numa', harts: 4 },
  { preset: 'cc-numa', harts: 16 },
  { preset: 'smp', harts: 4, options: { locking: 'hierarchical' } },
  {
    preset: 'cc-numa',
    harts: 4,
    options: { 'objects.fcm': 'hart', 'objects.region': 'hart', vm: 'objects' },
  },
];

describe.each(MACHINES)('on $preset with $harts harts', (machine) => {
  test('everybody finds what it has stored, and nothing is left', () => {
    for (let seed = 0; seed < SEARCHES; seed += 1) {
      begin(seed);
      const { output } = expectStatus(0, first, {
        ...machine,
        seed,
        options: { slice: 2000, ...machine.options },
      });
      expect(output).toBe('');
    }
  });
});

/** Whether a run tells that something is wrong. */
function isTold(seed: number): boolean {
  begin(seed);
  const { machine, stop, output } = run(first, { preset: 'smp', harts: 4, seed, options: { slice: 2000 } });
  return (
    stop.kind !== 'halted' ||
    stop.status !== 0 ||
    output !== '' ||
    checkInvariants(machine).some(
      ({ id, ok, detail }) => !ok || (id === 'heap' && detail !== '0 blocks in use'),
    )
  );
}

describe('is found out', () => {
  // biome-ignore lint/correctness/useYield: does nothing
  const nothing = function* (): Code<never> {
    return 0 as never;
  };
  test.each([
    ['a shootdown that is not done', () => vi.spyOn(Hat.prototype, 'shootdown').mockImplementation(nothing)],
    [
      'a fork that leaves pages writable',
      () => vi.spyOn(Hat.prototype, 'protect').mockImplementation(nothing),
    ],
    [
      'a page taken from a parent that others have',
      () => vi.spyOn(FcmTree.prototype, 'others').mockImplementation(nothing),
    ],
    [
      'the old page back when a new one is dropped',
      () => vi.spyOn(FcmCopy.prototype, 'changed').mockImplementation(nothing),
    ],
  ])('%s', (_, plant) => {
    plant();
    expect([0, 1, 2, 3].some(isTold)).toBe(true);
  });
});
