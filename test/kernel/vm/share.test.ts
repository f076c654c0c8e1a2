/** Shared memory of processes, red zones, and regions that grow. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { check, expectStatus, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;
/** Where both have what they say to each other, kept over fork. */
const TALK = 0x80_0000;
const MEMORY = 0x90_0000;
const GRANT = TALK + 64;
const READ_ONLY = TALK + 68;
const DONE = TALK + 128;

/** Maps what it was granted elsewhere, and tries for more. */
function* grantee(): Code<number> {
  yield spinUntilNot(READ_ONLY, 0);
  const grant = yield load(GRANT);
  const mine = yield sys('regionAttach', grant, 0x100_0000, RW | MAP.FIXED);
  yield* check(mine, 0x100_0000, 1);
  yield* check(yield load(mine), 2, 2);
  yield store(mine + 4, 77);
  const read = yield sys('regionAttach', yield load(READ_ONLY), 0, MAP.READ);
  yield* check(yield load(read + 4), 77, 3);
  yield* check(yield sys('regionAttach', yield load(READ_ONLY), 0, RW), ERROR.EPERM, 4);
  yield* check(yield sys('mprotect', read, PAGE, RW), ERROR.EPERM, 5);
  yield* check(yield sys('mprotect', read, PAGE, 0), 0, 6);
  yield* check(yield sys('mprotect', read, PAGE, MAP.READ), 0, 7);
  yield* check(yield sys('regionGrant', 1, read, PAGE, RW), ERROR.EPERM, 8);
  yield* check(yield sys('regionRevoke', grant), ERROR.EBADF, 9);
  yield* check(yield sys('regionAttach', grant + 4, 0, RW), ERROR.EBADF, 10);
  yield* check(yield sys('regionAttach', grant, 0x123, RW | MAP.FIXED), ERROR.EINVAL, 11);
  yield* check(yield sys('regionAttach', grant, 0, RW | MAP.DISK), ERROR.EINVAL, 12);
  yield store(DONE, 1);
  yield spinUntilNot(DONE + 4, 0);
  yield* check(yield sys('regionAttach', grant, 0, RW), ERROR.EBADF, 13);
  yield* check(yield load(mine + 4), 78, 14);
  return 0;
}

function* grants(): Code<number> {
  yield* check(yield sys('mmap', TALK, PAGE, RW | MAP.FIXED | MAP.SHARED, 0), TALK, 20);
  const child = yield sys('fork', yield addressOf(grantee), 0, -1);
  yield* check(yield sys('mmap', MEMORY, 4 * PAGE, RW | MAP.FIXED | MAP.SHARED, 0), MEMORY, 21);
  for (let page = 0; page < 4; page += 1) yield store(MEMORY + page * PAGE, page + 1);
  yield* check(yield sys('regionGrant', child, MEMORY, 5 * PAGE, RW), ERROR.EFAULT, 22);
  yield* check(yield sys('regionGrant', child, MEMORY, PAGE, 0), ERROR.EINVAL, 23);
  yield* check(yield sys('regionGrant', 99, MEMORY, PAGE, RW), ERROR.ESRCH, 24);
  const own = yield sys('mmap', 0, PAGE, RW, 0);
  yield* check(yield sys('regionGrant', child, own, PAGE, RW), ERROR.EINVAL, 25);
  const grant = yield sys('regionGrant', child, MEMORY + PAGE, PAGE, RW);
  yield* check(yield sys('regionAttach', grant, 0, RW), ERROR.EBADF, 26);
  yield store(GRANT, grant);
  yield store(READ_ONLY, yield sys('regionGrant', child, MEMORY + PAGE, PAGE, MAP.READ));
  yield spinUntilNot(DONE, 0);
  yield* check(yield load(MEMORY + PAGE + 4), 77, 27);
  yield* check(yield sys('regionRevoke', grant), 0, 28);
  yield* check(yield sys('regionRevoke', grant), ERROR.EBADF, 29);
  yield store(MEMORY + PAGE + 4, 78);
  yield* check(yield sys('munmap', MEMORY, 4 * PAGE), 0, 30);
  yield store(DONE + 4, 1);
  yield* check(yield sys('wait', child, DONE + 8), child, 31);
  yield* check(yield load(DONE + 8), 0, 32);
  return 0;
}

describe.each([
  { preset: 'cc-numa', harts: 1 },
  { preset: 'smp', harts: 4 },
  { preset: 'ncc-numa', harts: 4 },
])('on $preset with $harts harts', (machine) => {
  test('memory is shared by grants, which are good for one process', () => {
    expectStatus(0, grants, { ...machine, options: { slice: 3000 } });
  });
  test('a region grows downward as far as its guard', () => {
    const { output } = expectStatus(-15, grows, machine);
    expect(output).toContain(
      'ended by storePageFault at store of 0x00a00ff0, the guard page of a stack; status -15',
    );
  });
});

function* grows(): Code<number> {
  const low = 0xa0_0000;
  yield* check(yield sys('mmap', low, 8 * PAGE, RW | MAP.FIXED | MAP.GROWS, 0), low, 1);
  // The rest is reserved, and mapped no sooner than it is touched.
  yield* check(yield sys('mmap', low + 2 * PAGE, PAGE, RW | MAP.FIXED, 0), ERROR.EINVAL, 2);
  for (let page = 7; page >= 1; page -= 2) yield store(low + page * PAGE, page);
  for (let page = 7; page >= 1; page -= 2) yield* check(yield load(low + page * PAGE), page, 3);
  yield* check(yield load(low + 2 * PAGE), 0, 4);
  yield store(low + 0xff0, 1);
  return 5;
}

function* touchesGuard(): Code<number> {
  const low = 0xa0_0000;
  yield* check(yield sys('mmap', low, PAGE, MAP.FIXED | MAP.GUARD, 0), low, 1);
  yield* check(yield sys('mmap', low, PAGE, RW | MAP.GUARD, 0), ERROR.EINVAL, 2);
  yield* check(yield sys('consoleWrite', low, 4), ERROR.EFAULT, 3);
  return yield load(low + 8);
}

function* overflowsStack(_: number, block: number): Code<number> {
  const low = (yield load(block + 20)) - PAGE;
  yield* check(yield sys('mmap', low, PAGE, RW | MAP.FIXED, 0), ERROR.EINVAL, 1);
  yield store(low + PAGE - 4, 1);
  return 2;
}

test('who touches a guard page is told so', () => {
  expect(expectStatus(-13, touchesGuard).output).toContain('load of 0x00a00008, a guard page; status -13');
  expect(expectStatus(-15, overflowsStack).output).toContain(', the guard page of a stack; status -15');
});
