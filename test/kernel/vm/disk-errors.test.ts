/** What the kernel makes of a disk that fails: EIO for the caller, or the end of the process; nothing else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../hw/faults/fault.ts';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { ERROR, EXIT, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { scenarios } from '../../../lab/testing/arbitraries/scenarios.ts';
import { checkWhile } from '../../../lab/testing/check-while.ts';
import { programOf, userPrograms } from '../../../lab/testing/programs/index.ts';
import { type Ran, runKernel, startKernel } from '../../../lab/testing/run-kernel.ts';
import { effort } from '../../hw/effort.ts';
import { check, type Entry, expectInvariants, sys } from '../run.ts';

const RW_DISK = MAP.READ | MAP.WRITE | MAP.DISK;
const config = presetConfig('cc-numa', { harts: 2, set: { memoryPerNode: 1 << 20 } });

const bad = (block: number): Fault => ({ kind: 'badBlock', block });

/** Runs a program, expects the status, the invariants, and that all memory has come back. */
function expectEnd(status: number, entry: Entry, faults: readonly Fault[]): Ran {
  const ran = runKernel(entry, { config, faults });
  expect(ran.stop, ran.output).toEqual({ kind: 'halted', status });
  expectInvariants(ran.machine);
  expect(checkInvariants(ran.machine).find(({ id }) => id === 'heap')?.detail).toBe('0 blocks in use');
  return ran;
}

describe('a page that cannot be read', () => {
  test('ends the process that touches it, with a line', () => {
    const touches: Entry = function* () {
      const extent = yield sys('mmap', 0, LIMIT.PAGE, RW_DISK, 0);
      yield load(extent + 8);
    };
    const { output } = expectEnd(EXIT.DISK_ERROR, touches, [bad(3)]);
    expect(output).toMatch(
      /^eddy: process 1 thread 1 ended by loadPageFault at load of 0x[0-9a-f]{8}, disk error; status -66\n$/,
    );
  });

  test('ends that process only', () => {
    function* touches(): Code<number> {
      yield store(yield sys('mmap', 0, LIMIT.PAGE, RW_DISK, 0), 1);
      return 0;
    }
    const waits: Entry = function* (_, block) {
      const child = yield sys('spawn', yield addressOf(touches), 0, -1);
      yield* check(yield sys('wait', child, block - 512), child, 1);
      yield* check(yield load(block - 512), EXIT.DISK_ERROR, 2);
    };
    expectEnd(0, waits, [bad(0)]);
  });

  test('is EIO for a system call that needs it, and is tried anew', () => {
    const calls: Entry = function* () {
      const extent = yield sys('mmap', 0, LIMIT.PAGE, RW_DISK, 0);
      yield* check(yield sys('futexWake', extent, 1), ERROR.EIO, 1);
      yield* check(yield sys('consoleWrite', extent, 1), ERROR.EIO, 2);
      yield* check(yield sys('futexWait', extent, 1, 0), ERROR.EAGAIN, 3);
      yield* check(yield sys('munmap', extent, LIMIT.PAGE), 0, 4);
    };
    expectEnd(0, calls, [
      { kind: 'diskError', request: 0 },
      { kind: 'diskError', request: 1 },
    ]);
  });

  test('is an error for everybody who waits for it', () => {
    function* asks(extent: number): Code<number> {
      return yield sys('futexWake', extent, 1);
    }
    const ask: Entry = function* (_, block) {
      const extent = yield sys('mmap', 0, LIMIT.PAGE, RW_DISK, 0);
      const threads: number[] = [];
      for (let hart = 0; hart < 4; hart++)
        threads.push(yield sys('threadSpawn', yield addressOf(asks), extent, hart % 2));
      for (const thread of threads) {
        yield* check(yield sys('threadJoin', thread, block - 512), 0, 1);
        yield* check(yield load(block - 512), ERROR.EIO, 2);
      }
    };
    expectEnd(0, ask, [bad(0)]);
  });
});

describe('a page that cannot be written back', () => {
  test('is EIO for munmap, and the region is gone; the other pages are written', () => {
    const unmaps: Entry = function* () {
      const extent = yield sys('mmap', 0, 2 * LIMIT.PAGE, RW_DISK, 0);
      yield store(extent, 0x11111111);
      yield store(extent + LIMIT.PAGE, 0x22222222);
      yield* check(yield sys('munmap', extent, 2 * LIMIT.PAGE), ERROR.EIO, 1);
      yield* check(yield sys('munmap', extent, 2 * LIMIT.PAGE), ERROR.EINVAL, 2);
    };
    // Two reads come first.
    const { disk } = expectEnd(0, unmaps, [{ kind: 'diskError', request: 2 }]);
    expect([disk[0], disk[LIMIT.PAGE]]).toEqual([0, 0x22]);
  });

  test('is told when the process ends, whose status stays', () => {
    const exits: Entry = function* () {
      yield store(yield sys('mmap', 0, LIMIT.PAGE, RW_DISK, 0), 1);
      yield sys('exit', 3);
    };
    const { output } = expectEnd(3, exits, [{ kind: 'diskError', request: 1 }]);
    expect(output).toBe('eddy: process 1: pages could not be written back, disk error\n');
    expect(expectEnd(3, exits, []).output).toBe('');
  });
});

test('whatever the faults, no program makes the kernel panic, crash, or break an invariant', () => {
  const choice = {
    machines: { harts: 3 },
    kernelOptions: { scarce: true },
    faults: { most: 6, requests: 6, blocks: 64 },
  };
  const kinds = new Set<string>();
  fc.assert(
    fc.property(scenarios(choice), userPrograms(), (scenario, program) => {
      const machine = startKernel(programOf(program), scenario);
      const { stop, broken } = checkWhile(machine, { when: 'end', steps: 300_000 });
      kinds.add(stop.kind);
      expect(broken).toBeUndefined();
      expect(['halted', 'deadlock', 'budget']).toContain(stop.kind);
    }),
    effort(60),
  );
  expect(kinds).toContain('halted');
});
