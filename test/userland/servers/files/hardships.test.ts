/** Files of others, processes that end with files open, and disks that report errors. */
import { expect, test } from 'vitest';
import { addressOf, type Code, store8 } from '../../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../../kernel/abi/index.ts';
import { filesByLrpc } from '../../../../userland/files/attach.ts';
import { FileSystem } from '../../../../userland/files/file-system.ts';
import { CHUNK, OPEN } from '../../../../userland/files/protocol.ts';
import { Env } from '../../../../userland/runtime/env.ts';
import { kill, mmap, sleep, spawn, wait } from '../../../../userland/runtime/system-calls.ts';
import { check, contentOf, makeImage, repair } from './ext2-image.ts';
import { expectFiles, runFiles } from './run-files.ts';

const deep = process.env['EDDY_DEEP'] !== undefined;
const buffer = 6 * 1024;
const PLACES = 256;

/** A process of its own: opens a file, and waits to be killed. */
function* holder(_argument: number, block: number): Code<number> {
  const env = new Env(block);
  const binding = yield* FileSystem.attach(filesByLrpc, env);
  const files = yield* FileSystem.at(filesByLrpc, binding, env);
  if ((yield* files.open('/big', OPEN.READ | OPEN.WRITE)) < 0) return 1;
  if ((yield* files.mkdir('/opened')) < 0) return 2;
  for (;;) yield* sleep(1_000_000);
}

test('a handle is good for nobody else, and a process that is killed has its files closed', () => {
  const image = makeImage({ blocks: 512, files: { big: new Uint8Array(400 * 1024).fill(1) } });
  const found: number[] = [];
  expectFiles(image, function* (files, env) {
    const at = (yield* env.stack()) + buffer;
    const child = yield* spawn(yield addressOf(holder), 0, -1);
    while ((yield* files.stat('/opened', at)) < 0) yield* sleep(10_000);
    for (let place = 0; place < PLACES; place++) {
      const forged = yield* files.fstat(PLACES + place, at);
      if (forged !== ERROR.EBADF) found.push(forged);
    }
    expect(yield* files.unlink('/big')).toBe(0);
    // Its blocks are in use as long as it is open.
    const file = yield* files.open('/new', OPEN.WRITE | OPEN.CREATE);
    let result = CHUNK;
    while (result === CHUNK) result = yield* files.write(file, at, CHUNK);
    found.push(result < 0 ? result : yield* files.write(file, at, CHUNK));
    yield* kill(child);
    yield* wait(child, 0);
    for (let tries = 0; tries < 100 && result !== CHUNK; tries++) {
      yield* sleep(20_000);
      result = yield* files.write(file, at, CHUNK);
    }
    found.push(result);
    return 0;
  });
  expect(found).toEqual([ERROR.ENOSPC, CHUNK]);
});

/** The blocks of the disk that a file of an image has. */
const sectorOf = (image: Uint8Array, first: string): number => {
  const at = Buffer.from(image).indexOf(first);
  return Math.floor(at / 512);
};

test('a block that cannot be read or written is EIO for whoever wants it, and nobody else', () => {
  const marked = `marked ${'x'.repeat(2000)}`;
  const image = makeImage({ files: { good: 'good', bad: marked } });
  const found: number[] = [];
  const ran = runFiles(
    image,
    function* (files, env) {
      const at = (yield* env.stack()) + buffer;
      const bad = yield* files.open('/bad', OPEN.READ | OPEN.WRITE);
      found.push(yield* files.read(bad, at, 100));
      const good = yield* files.open('/good', OPEN.READ | OPEN.WRITE);
      found.push(yield* files.read(good, at, 100));
      // All of the block, so that it need not be read: that it is not written shows when it is synced.
      found.push(yield* files.write(bad, at, 1), yield* files.fsync(good));
      return 0;
    },
    { faults: [{ kind: 'badBlock', block: sectorOf(image, 'marked') }] },
  );
  expect(ran.stop).toEqual({ kind: 'halted', status: 0 });
  expect(found).toEqual([ERROR.EIO, 4, ERROR.EIO, 0]);
  expect(check(ran.disk).status).toBe(0);
});

test('a request that fails is not silent, whichever it is', () => {
  const image = makeImage({ files: { old: 'old content' } });
  for (let request = 4; request < 60; request += deep ? 1 : 29) {
    let synced = false;
    const ran = runFiles(
      image,
      function* (files, env) {
        const page = yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0);
        for (let at = 0; at < LIMIT.PAGE; at++) yield store8(page + at, 90);
        yield* files.mkdir('/d');
        const file = yield* files.open('/d/new', OPEN.WRITE | OPEN.CREATE);
        const written = yield* files.write(file, page, LIMIT.PAGE);
        synced = (yield* files.fsync(file)) === 0 && written === LIMIT.PAGE;
        yield* files.rename('/old', '/d/old');
        expect(yield* env.harts()).toBe(2);
        return 0;
      },
      { faults: [{ kind: 'diskError', request }] },
    );
    // The server does not mount what it cannot read: then there are no files.
    expect([0, 100], `request ${request}: ${ran.output}`).toContain(
      ran.stop.kind === 'halted' ? ran.stop.status : ran.stop.kind,
    );
    const repaired = repair(ran.disk);
    expect(repaired.checked.status, repaired.checked.text).toBeLessThan(2);
    if (synced) expect(contentOf(repaired.image, '/d/new')?.length).toBe(LIMIT.PAGE);
  }
});
