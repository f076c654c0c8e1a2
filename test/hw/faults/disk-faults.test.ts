import { describe, expect, test } from 'vitest';
import { DISK_BLOCK, DISK_COMMAND, DISK_STATUS } from '../../../hw/address-map.ts';
import type { Fault } from '../../../hw/faults/fault.ts';
import { load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { issue, settled } from '../disk-requests.ts';
import { smallWith } from '../machines.ts';

const BUFFER = 0x2000;
const SEEK = 1000;
const TRANSFER = 100;

function machineWith(faults: readonly Fault[]): Machine {
  const machine = new Machine(smallWith('smp', 1, { skew: 1 }), { faults });
  for (let address = BUFFER; address < BUFFER + 4 * DISK_BLOCK; address += 4) machine.poke(address, -1);
  return machine;
}

/** The statuses of reads of single blocks, one after another; the disk is full of ones. */
function read(faults: readonly Fault[], blocks: readonly number[]): { statuses: number[]; words: number[] } {
  const machine = machineWith(faults);
  machine.disk.image.fill(1);
  const statuses: number[] = [];
  const words: number[] = [];
  machine.start(0, function* program() {
    for (const block of blocks) {
      yield store(BUFFER, 7);
      yield* issue({ command: DISK_COMMAND.read, block, count: 1, address: BUFFER });
      statuses.push(yield* settled());
      words.push(yield load(BUFFER));
    }
  });
  expect(machine.run()).toEqual({ kind: 'finished' });
  return { statuses, words };
}

describe('a disk with faults', () => {
  const { done, error } = DISK_STATUS;

  test('fails the request that it is told to, moves nothing, and goes on', () => {
    expect(read([{ kind: 'diskError', request: 1 }], [3, 3, 3])).toEqual({
      statuses: [done, error, done],
      words: [0x01010101, 7, 0x01010101],
    });
  });

  test('fails every request that touches a bad block', () => {
    expect(read([{ kind: 'badBlock', block: 5 }], [4, 5, 6, 5]).statuses).toEqual([done, error, done, error]);
  });

  test.each([
    [4, 1, error],
    [4, 2, error],
    [5, 1, error],
    [6, 2, done],
    [2, 2, done],
  ])('of requests from block %i on over %i blocks, blocks 4 and 5 being bad', (block, count, status) => {
    const machine = machineWith([
      { kind: 'badBlock', block: 4 },
      { kind: 'badBlock', block: 5 },
    ]);
    let seen = -1;
    machine.start(0, function* program() {
      yield* issue({ command: DISK_COMMAND.write, block, count, address: BUFFER });
      seen = yield* settled();
    });
    machine.run();
    expect(seen).toBe(status);
    expect(machine.disk.image.includes(0xff)).toBe(status === done);
  });
});

/** Blocks that a write of blocks 8 to 11 has left on the disk. */
function written(faults: readonly Fault[], command: number = DISK_COMMAND.write): number[] {
  const machine = machineWith(faults);
  machine.start(0, function* program() {
    yield* issue({ command, block: 8, count: 4, address: BUFFER });
    yield* settled();
  });
  const stop = machine.run();
  expect(stop.kind).toBe('powerLost');
  expect(machine.run()).toBe(stop);
  const blocks = Array.from({ length: 64 }, (_, block) => block);
  return blocks.filter((block) => {
    const bytes = machine.disk.image.subarray(block * DISK_BLOCK, (block + 1) * DISK_BLOCK);
    expect(new Set(bytes).size).toBe(1);
    return bytes[0] === 0xff;
  });
}

describe('when the power fails during a write', () => {
  /** The cycle in the middle of the transfer of the n-th block. The command takes about 170 cycles. */
  const during = (block: number): number => 170 + SEEK + (block + 0.5) * TRANSFER;

  test.each([
    [during(-1), []],
    [during(0), []],
    [during(1), [8]],
    [during(3), [8, 9, 10]],
  ])('after %i cycles, the blocks whose time has passed are written', (count, blocks) => {
    expect(written([{ kind: 'powerLoss', after: 'cycles', count }])).toEqual(blocks);
  });

  test.each([0, 1, 2, 3, 4])('%i blocks are written where that is asked for', (count) => {
    const fault = { kind: 'powerLoss', after: 'steps', count: 12, written: count } as const;
    expect(written([fault])).toEqual([8, 9, 10, 11].slice(0, count));
    expect(written([fault], DISK_COMMAND.read)).toEqual([]);
    expect(written([fault, { kind: 'diskError', request: 0 }])).toEqual([]);
  });

  test('nothing is written that was not begun', () => {
    for (let count = 0; count < 4; count++)
      expect(written([{ kind: 'powerLoss', after: 'steps', count, written: 4 }])).toEqual([]);
  });
});
