import { describe, expect, test } from 'vitest';
import {
  DISK,
  DISK_BLOCK,
  DISK_COMMAND,
  DISK_STATUS,
  INTERRUPT_CONTROLLER,
  INTERRUPT_SOURCE,
} from '../../../hw/address-map.ts';
import {
  type Code,
  csrRead,
  csrWrite,
  INTERRUPT,
  load,
  loadReserved,
  spinUntil,
  store,
  storeConditional,
  waitForInterrupt,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { brokenInvariants } from '../../../hw/coherence/broken-invariants.ts';
import { issue, type Request, settled } from '../disk-requests.ts';
import { smallWith } from '../machines.ts';
import { record } from '../record.ts';

const BUFFER = 0x2000;

const reading = (block: number, count = 1, address = BUFFER): Request => ({
  command: DISK_COMMAND.read,
  block,
  count,
  address,
});
const writing = (block: number, count = 1, address = BUFFER): Request => ({
  command: DISK_COMMAND.write,
  block,
  count,
  address,
});

/** Runs one procedure per hart on a machine whose disk holds its block number plus one in every byte. */
function run(...programs: (() => Code)[]): Machine {
  const machine = new Machine(smallWith('smp', programs.length, { skew: 1 }));
  machine.disk.image.forEach((_, at) => (machine.disk.image[at] = Math.floor(at / DISK_BLOCK) + 1));
  for (const [hart, program] of programs.entries()) machine.start(hart, program);
  expect(machine.run()).toEqual({ kind: 'finished' });
  expect(brokenInvariants(machine)).toEqual([]);
  return machine;
}

describe('the disk', () => {
  test('reads blocks into memory', () => {
    const machine = run(function* () {
      yield* issue(reading(5, 2));
      expect(yield* settled()).toBe(DISK_STATUS.done);
    });
    expect(machine.peek(BUFFER - 4)).toBe(0);
    expect(machine.peek(BUFFER)).toBe(0x0606_0606);
    expect(machine.peek(BUFFER + DISK_BLOCK - 4)).toBe(0x0606_0606);
    expect(machine.peek(BUFFER + DISK_BLOCK)).toBe(0x0707_0707);
    expect(machine.peek(BUFFER + 2 * DISK_BLOCK)).toBe(0);
  });

  test('writes memory to blocks, dirty cached copies included', () => {
    const machine = run(function* () {
      yield store(BUFFER, 0x0403_0201);
      yield store(BUFFER + DISK_BLOCK - 4, -1);
      yield* issue(writing(3));
      expect(yield* settled()).toBe(DISK_STATUS.done);
      // The copies stay, and stay good.
      expect(yield load(BUFFER)).toBe(0x0403_0201);
    });
    const block = machine.disk.image.subarray(3 * DISK_BLOCK, 4 * DISK_BLOCK);
    expect([...block.subarray(0, 5)]).toEqual([1, 2, 3, 4, 0]);
    expect([...block.subarray(-4)]).toEqual([255, 255, 255, 255]);
    expect(machine.disk.image[4 * DISK_BLOCK]).toBe(5);
  });

  test('destroys cached copies of what it reads into, clean and dirty ones', () => {
    run(
      function* () {
        yield load(BUFFER);
        yield store(BUFFER + 64, 99);
        yield* issue(reading(0));
        yield* settled();
        expect(yield load(BUFFER)).toBe(0x0101_0101);
        expect(yield load(BUFFER + 64)).toBe(0x0101_0101);
      },
      function* () {
        yield load(BUFFER);
        yield work(50_000);
        expect(yield load(BUFFER)).toBe(0x0101_0101);
      },
    );
  });

  test('takes reservations of what it reads into', () => {
    run(function* () {
      yield* issue(reading(0));
      yield loadReserved(BUFFER);
      yield work(10_000);
      expect(yield storeConditional(BUFFER, 7)).toBe(1);
      expect(yield load(BUFFER)).toBe(0x0101_0101);
    });
  });

  test('wakes a hart that spins on a word that it reads', () => {
    run(
      function* () {
        expect(yield spinUntil(BUFFER + 256, 0x0202_0202)).toBe(0x0202_0202);
      },
      function* () {
        yield work(500);
        yield* issue(reading(1));
      },
    );
  });

  test('takes a seek and the transfer of each block, and no seek for the block that follows', () => {
    const machine = new Machine(smallWith('smp', 1, { skew: 1 }));
    const { of } = record(machine);
    machine.start(0, function* () {
      for (const request of [reading(4, 3), reading(7), reading(7), writing(8, 2)]) {
        yield* issue(request);
        yield* settled();
      }
    });
    machine.run();
    const events = of('device').filter(({ device }) => device === 'disk');
    const times = [0, 1, 2, 3].map(
      (index) => (events[2 * index + 1]?.cycle ?? 0) - (events[2 * index]?.cycle ?? 0),
    );
    const { seek, transfer } = machine.config.disk;
    expect(times).toEqual([seek + 3 * transfer, transfer, seek + transfer, 2 * transfer]);
    expect(events.map(({ what }) => what)).toEqual([
      'read',
      'done',
      'read',
      'done',
      'read',
      'done',
      'write',
      'done',
    ]);
  });

  test.each([
    ['a block beyond its end', reading(64)],
    ['blocks that reach beyond its end', reading(63, 2)],
    ['a negative block', reading(-1)],
    ['no blocks', reading(0, 0)],
    ['a negative number of blocks', reading(0, -1)],
    ['a buffer that is not aligned', reading(0, 1, BUFFER + 4)],
    ['a buffer beyond memory', reading(0, 1, 1 << 20)],
    ['a buffer that reaches beyond memory', reading(0, 2, (1 << 20) - DISK_BLOCK)],
    ['a negative address', reading(0, 1, -512)],
    ['an unknown command', { ...reading(0), command: 3 }],
    ['so many blocks that a sum would wrap', reading(2, 0x7fff_ffff)],
  ])('answers with an error to a request for %s, and moves nothing', (_, request) => {
    const machine = run(function* () {
      yield* issue(request);
      expect(yield* settled()).toBe(DISK_STATUS.error);
      yield* issue(reading(1));
      expect(yield* settled()).toBe(DISK_STATUS.done);
    });
    expect(machine.peek(BUFFER)).toBe(0x0202_0202);
    expect(machine.peek(BUFFER + DISK_BLOCK)).toBe(0);
    expect(machine.disk.image[0]).toBe(1);
  });

  test('ignores what is written to its registers while it is busy', () => {
    const machine = run(function* () {
      yield* issue(reading(1));
      yield* issue(writing(9, 1, BUFFER));
      expect(yield* settled()).toBe(DISK_STATUS.done);
      yield store(DISK.COMMAND, DISK_COMMAND.read);
      expect(yield* settled()).toBe(DISK_STATUS.done);
    });
    expect(machine.peek(BUFFER)).toBe(0x0202_0202);
    expect(machine.disk.image[9 * DISK_BLOCK]).toBe(10);
  });

  test('tells its size, and that it has done nothing yet', () => {
    run(function* () {
      expect(yield load(DISK.BLOCKS)).toBe(64);
      expect(yield load(DISK.STATUS)).toBe(DISK_STATUS.idle);
    });
  });

  test('interrupts the hart that it is routed to, at the end of a request, also of a wrong one', () => {
    run(
      function* () {
        yield store(INTERRUPT_CONTROLLER.ROUTE + 4 * INTERRUPT_SOURCE.disk, 1);
        yield* issue(reading(0));
        yield work(20_000);
        yield* issue(reading(-1));
      },
      function* () {
        yield csrWrite('sie', INTERRUPT.external);
        for (const status of [DISK_STATUS.done, DISK_STATUS.error]) {
          yield waitForInterrupt();
          expect(yield load(DISK.STATUS)).toBe(status);
          expect(yield load(INTERRUPT_CONTROLLER.CLAIM)).toBe(INTERRUPT_SOURCE.disk);
          expect((yield csrRead('sip')) & INTERRUPT.external).toBe(0);
          yield store(INTERRUPT_CONTROLLER.CLAIM, INTERRUPT_SOURCE.disk);
        }
      },
    );
  });
});
