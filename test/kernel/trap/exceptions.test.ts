import { describe, expect, test } from 'vitest';
import { addressOf, type Code, csrRead, load, store, work } from '../../../hw/isa/index.ts';
import { EXIT, exitStatusRow, MAP } from '../../../kernel/abi/index.ts';
import { type Entry, expectStatus, run, sys } from '../run.ts';

function* readsNull(): Code {
  yield load(0);
}
function* writesNowhere(): Code {
  yield store(0x2000_0000, 1);
}
function* writesReadOnly(): Code {
  yield store(yield sys('mmap', 0, 4096, MAP.READ, 0), 1);
}
function* misaligned(_: number, block: number): Code {
  yield load(block + 1);
}
function* storesMisaligned(_: number, block: number): Code {
  yield store(block + 2, 1);
}
function* privileged(): Code {
  yield csrRead('satp');
}
function* throws(): Code {
  yield work(1);
  throw new Error('a bug in the program');
}
function* readsDevice(): Code {
  yield load(0x7f00_0000);
}
function* readsKernel(): Code {
  yield load(0x2000);
}
function* overflowsStack(_: number, block: number): Code {
  yield store(block - 16_384, 1);
}

const CASES: readonly (readonly [Entry, number, string])[] = [
  [readsNull, -13, 'loadPageFault at load of 0x00000000'],
  [writesNowhere, -15, 'storePageFault at store of 0x20000000'],
  [writesReadOnly, -15, 'storePageFault at store of 0x00010000'],
  [misaligned, -4, 'loadMisaligned at load of 0x6f'],
  [storesMisaligned, -6, 'storeMisaligned at store of 0x6f'],
  [privileged, -2, 'illegalInstruction at csrRead'],
  [throws, -24, 'programThrew'],
  [readsDevice, -13, 'loadPageFault at load of 0x7f000000'],
  [readsKernel, -13, 'loadPageFault at load of 0x00002000'],
  [overflowsStack, -15, 'storePageFault at store of 0x6fff'],
];

describe('an exception ends the process with one line and its status', () => {
  test.each(CASES)('%o', (entry, status, text) => {
    const { output } = expectStatus(status, entry, { harts: 2 });
    const lines = output.split('\n').filter((line) => line !== '');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`eddy: process 1 thread 1 ended by ${text}`);
    expect(lines[0]).toContain(`status ${status}`);
    expect(exitStatusRow(status)?.name).toBe('exception');
  });
});

function* childFails(_: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(readsNull), 0, -1);
  yield sys('wait', child, block - 512);
  return (yield load(block - 512)) === -13 ? 0 : 1;
}

test('a child’s exception is its parent’s to know', () => {
  const { output } = expectStatus(0, childFails, { harts: 4 });
  expect(output).toContain('process 2 thread 1 ended by loadPageFault');
});

function* eatsMemory(): Code {
  const base = yield sys('mmap', 0, 64 << 20, MAP.READ | MAP.WRITE, 0);
  for (let page = 0; ; page += 1) yield store(base + 4096 * page, 1);
}

function* spawnsEater(_: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(eatsMemory), 0, -1);
  yield sys('wait', child, block - 512);
  return (yield load(block - 512)) === EXIT.NO_MEMORY ? 0 : 1;
}

test('a process that touches more memory than there is is ended; the others go on', () => {
  const { output } = expectStatus(0, spawnsEater, { harts: 4, set: { memoryPerNode: 2 << 20 } });
  expect(output).toContain(', no memory; status -65');
});

function* mapsWithoutEnd(): Code<number> {
  for (;;) {
    const base = yield sys('mmap', 0, 4096, MAP.READ | MAP.WRITE, 0);
    if (base < 0) return base === -12 ? 0 : 1;
  }
}

test('mmap gives ENOMEM when the kernel has no memory or references left', () => {
  expectStatus(0, mapsWithoutEnd, { harts: 1, options: { refsPerHart: 64 } });
});

function* threadsWithoutEnd(): Code<number> {
  for (;;) {
    const thread = yield sys('threadSpawn', yield addressOf(sleepsLong), 0, -1);
    if (thread < 0) return thread === -12 ? 0 : 1;
  }
}

function* sleepsLong(): Code {
  yield sys('sleep', 1 << 29);
}

test('threadSpawn gives ENOMEM when memory is out', () => {
  expectStatus(0, threadsWithoutEnd, { harts: 2, set: { memoryPerNode: 2 << 20 } });
});

test('a kernel that never had a chance says so', () => {
  expect(run(readsNull, { harts: 1 }).stop).toEqual({ kind: 'halted', status: -13 });
});
