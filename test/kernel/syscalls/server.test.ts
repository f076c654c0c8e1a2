/** System calls for servers: good input, bad input, and what programs must not do. */
import { describe, expect, test } from 'vitest';
import { DISK_BLOCK } from '../../../hw/address-map.ts';
import type { Fault } from '../../../hw/faults/fault.ts';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { checkInvariants, type ServerStart } from '../../../kernel/index.ts';
import { type Ran, runKernel } from '../../../lab/testing/run-kernel.ts';
import { check, type Entry, expectInvariants, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const BLOCKS = 64;
const config = presetConfig('cc-numa', {
  harts: 2,
  set: { memoryPerNode: 2 << 20, disk: { blocks: BLOCKS, seek: 1000, transfer: 100 } },
});

/** Runs servers beside a program, and expects its status, and that nothing is left. */
function expectEnd(
  status: number,
  entry: Entry,
  servers: readonly ServerStart[],
  faults: readonly Fault[] = [],
): Ran {
  const disk = Uint8Array.from({ length: BLOCKS * DISK_BLOCK }, (_, at) => Math.floor(at / DISK_BLOCK));
  const ran = runKernel(entry, { config, servers, disk, faults });
  expect(ran.stop, ran.output).toEqual({ kind: 'halted', status });
  expectInvariants(ran.machine);
  expect(checkInvariants(ran.machine).find(({ id }) => id === 'heap')?.detail).toBe('0 blocks in use');
  return ran;
}

/** A server that does something, and ends when nobody else is left; what it found wrong stands on the console. */
const server = (what: () => Code<void>): ServerStart['entry'] =>
  function* () {
    yield* what();
    for (let seen = 0; seen >= 0; ) seen = yield sys('processEnds', seen);
    return 0;
  };

const idle: Entry = function* () {
  yield sys('sleep', 200_000);
};

describe('the disk', () => {
  test('is read and written by the server that has it', () => {
    const found: number[] = [];
    const entry = server(function* () {
      const page = yield sys('mmap', 0, LIMIT.PAGE, RW, 0);
      found.push(yield sys('diskBlocks'), yield sys('diskRead', 3, page + DISK_BLOCK, 2));
      found.push(yield load(page), yield load(page + DISK_BLOCK), yield load(page + 2 * DISK_BLOCK + 508));
      yield store(page, 0x1234_5678);
      found.push(yield sys('diskWrite', 9, page, 1));
    });
    const { disk } = expectEnd(0, idle, [{ entry, disk: true }]);
    expect(found).toEqual([BLOCKS, 0, 0, 0x0303_0303, 0x0404_0404, 0]);
    expect([...disk.subarray(9 * DISK_BLOCK, 9 * DISK_BLOCK + 5)]).toEqual([0x78, 0x56, 0x34, 0x12, 0]);
  });

  test('refuses what makes no sense, and says when it fails', () => {
    const found: number[] = [];
    const entry = server(function* () {
      const page = yield sys('mmap', 0, LIMIT.PAGE, RW, 0);
      const readOnly = yield sys('mmap', 0, LIMIT.PAGE, MAP.READ, 0);
      for (const [block, address, blocks] of [
        [-1, page, 1],
        [BLOCKS, page, 1],
        [BLOCKS - 1, page, 2],
        [0x7fff_ffff, page, 0x7fff_ffff],
        [0, page, 0],
        [0, page, -1],
        [0, page, 9],
        [0, page + DISK_BLOCK, 8],
        [0, page + 4, 1],
        [0, 0x2000_0000, 1],
        [0, readOnly, 1],
        [5, page, 1],
      ] as const)
        found.push(yield sys('diskRead', block, address, blocks));
      found.push(yield sys('diskWrite', 5, page, 1));
    });
    expectEnd(0, idle, [{ entry, disk: true }], [{ kind: 'badBlock', block: 5 }]);
    const { EINVAL, EFAULT, EIO } = ERROR;
    expect(found).toEqual([...Array(9).fill(EINVAL), EFAULT, EFAULT, EIO, EIO]);
  });

  test('is nobody else’s', () => {
    const owner = server(function* () {});
    const other = server(function* () {
      yield* check(yield sys('diskBlocks'), ERROR.EPERM, 1);
    });
    const program: Entry = function* () {
      const page = yield sys('mmap', 0, LIMIT.PAGE, RW, 0);
      yield* check(yield sys('diskRead', 0, page, 1), ERROR.EPERM, 1);
      yield* check(yield sys('diskWrite', 0, page, 1), ERROR.EPERM, 2);
      yield* check(yield sys('mmap', 0, LIMIT.PAGE, RW | MAP.DISK, 0), ERROR.EPERM, 3);
    };
    expectEnd(0, program, [{ entry: owner, disk: true }, { entry: other }]);
  });
});

describe('windows and their pages', () => {
  test('are refused where they make no sense', () => {
    const found: number[] = [];
    const entry = server(function* () {
      const page = yield sys('mmap', 0, LIMIT.PAGE, RW, 0);
      found.push(
        yield sys('fileWindow', 0, 1),
        yield sys('fileWindow', 1, 0),
        yield sys('fileWindow', 1, -1),
      );
      found.push(
        yield sys('fileWindow', 1, 0x7fff_ffff),
        yield sys('fileSync', page),
        yield sys('fileSync', 0),
      );
      const window = yield sys('fileWindow', 7, 2);
      found.push(
        yield sys('fileShare', window, 0, 1, 0, MAP.READ),
        yield sys('fileSync', window + LIMIT.PAGE),
      );
      found.push(yield sys('fileSync', window), yield sys('fileTouch', 0x2000_0000, 0));
      found.push(yield sys('pagerReply', page, page, 1), yield sys('pagerReply', page, page, 3));
      found.push(yield sys('pagerReply', page, page, 16), yield sys('munmap', window, 2 * LIMIT.PAGE));
    });
    expectEnd(0, idle, [{ entry, disk: true }]);
    const { EINVAL, EFAULT, EOPNOTSUPP, ESRCH } = ERROR;
    expect(found.slice(0, 6)).toEqual([EINVAL, EINVAL, EINVAL, EINVAL, EFAULT, EFAULT]);
    expect(found.slice(6)).toEqual([EOPNOTSUPP, EFAULT, 0, EFAULT, ESRCH, EINVAL, EINVAL, 0]);
  });

  test('come from where the server says, and go there', () => {
    const found: number[] = [];
    function* pager(at: number): Code<number> {
      for (;;) {
        if ((yield sys('pagerAccept', at)) < 0) return 0;
        found.push(yield load(at + 4), yield load(at + 8), yield load(at + 12));
        // The second half is a hole.
        yield store(at + 64, 16);
        yield store(at + 68, 0);
        yield sys('pagerReply', yield load(at), at + 64, 2);
      }
    }
    const entry = server(function* () {
      const page = yield sys('mmap', 0, LIMIT.PAGE, RW, 0);
      yield sys('threadSpawn', yield addressOf(pager), page, -1);
      const window = yield sys('fileWindow', 7, 2);
      found.push(yield load(window + LIMIT.PAGE), yield load(window + LIMIT.PAGE + 2048));
      yield store(window + LIMIT.PAGE, 0x0102_0304);
      found.push(yield sys('fileSync', window));
    });
    const { disk } = expectEnd(0, idle, [{ entry, disk: true }]);
    expect(found).toEqual([0, 7, 1, 0x1010_1010, 0, 1, 7, 1, 0]);
    expect([...disk.subarray(16 * DISK_BLOCK, 16 * DISK_BLOCK + 5)]).toEqual([4, 3, 2, 1, 16]);
  });

  test('that nobody looks for are given up when the server ends', () => {
    function* ends(): Code<number> {
      yield sys('sleep', 40_000);
      yield sys('exit', 0);
      return 0;
    }
    const entry: ServerStart['entry'] = function* () {
      const window = yield sys('fileWindow', 7, 2);
      yield sys('threadSpawn', yield addressOf(ends), 0, -1);
      return yield load(window);
    };
    expectEnd(0, idle, [{ entry, disk: true }]);
  });
});

describe('the end of processes', () => {
  test('is told to those who wait, the end of all programs last', () => {
    const seen: number[] = [];
    const ends: number[] = [];
    const entry = server(function* () {
      for (let count = yield sys('processEnds', 0); count >= 0; count = yield sys('processEnds', count)) {
        seen.push(count);
        ends.push(yield sys('processIsLive', 1));
      }
      ends.push(yield sys('processEnds', 0));
    });
    function* child(): Code<number> {
      return 3;
    }
    const program: Entry = function* (_, block) {
      yield* check(yield sys('processIsLive', 1), 1, 1);
      yield* check(yield sys('processIsLive', 0), 0, 2);
      yield* check(yield sys('processEnds', -1), ERROR.EINVAL, 3);
      const number = yield sys('spawn', yield addressOf(child), 0, -1);
      yield sys('wait', number, block - 512);
      yield* check(yield sys('processIsLive', number), 0, 4);
      yield* check(yield sys('processEnds', 0), 1, 5);
    };
    expectEnd(0, program, [{ entry }]);
    expect(seen).toEqual([1]);
    expect(ends).toEqual([1, ERROR.ESHUTDOWN]);
  });

  test('cuts a wait for it short in a process that is killed', () => {
    function* waits(): Code<number> {
      return yield sys('processEnds', 0);
    }
    const program: Entry = function* (_, block) {
      const number = yield sys('spawn', yield addressOf(waits), 0, -1);
      yield sys('sleep', 50_000);
      yield sys('kill', number);
      yield sys('wait', number, block - 512);
      yield* check(yield load(block - 512), -64, 1);
    };
    expectEnd(0, program, []);
  });

  test('a server that ends early leaves the others alone', () => {
    function* brief(): Code<number> {
      return 1;
    }
    expectEnd(0, idle, [{ entry: brief }, { entry: server(function* () {}) }]);
  });
});

test('nobody is the caller of a thread that carries out no call', () => {
  expectEnd(
    0,
    function* () {
      yield* check(yield sys('caller'), ERROR.ESRCH, 1);
    },
    [],
  );
});
