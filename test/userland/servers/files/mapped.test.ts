/** Mapped files: one copy of each page, whoever reads or writes it and by whatever way; and on the disk in the end. */
import { expect, test } from 'vitest';
import { addressOf, type Code, load8, store8 } from '../../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../../kernel/abi/index.ts';
import { filesByLrpc, filesByPpc } from '../../../../userland/files/attach.ts';
import { FileSystem } from '../../../../userland/files/file-system.ts';
import { OPEN, SEEK } from '../../../../userland/files/protocol.ts';
import { Env } from '../../../../userland/runtime/env.ts';
import { munmap, spawn, wait } from '../../../../userland/runtime/system-calls.ts';
import { contentOf, makeImage } from './ext2-image.ts';
import { expectFiles, runFiles } from './run-files.ts';

const RW = MAP.READ | MAP.WRITE;
const OPEN_RW = OPEN.READ | OPEN.WRITE;
const deep = process.env['EDDY_DEEP'] !== undefined;
const buffer = 6 * 1024;
const BYTES = 3 * LIMIT.PAGE + 100;

const content = Uint8Array.from({ length: BYTES }, (_, at) => (at * 7) & 0xff);

/** A process of its own: maps the file, looks at what the first one has stored, and stores something. */
function* neighbour(_argument: number, block: number): Code<number> {
  const env = new Env(block);
  const binding = yield* FileSystem.attach(filesByLrpc, env);
  const files = yield* FileSystem.at(filesByLrpc, binding, env);
  const file = yield* files.open('/big', OPEN_RW);
  const at = yield* files.mmap(file, LIMIT.PAGE, LIMIT.PAGE, RW);
  if (at < 0) return 1;
  if ((yield load8(at + 5)) !== 55) return 2;
  yield store8(at + 6, 66);
  return 0;
}

test.each(deep ? [1024, 2048, 4096] : [1024])(
  'a mapped file is the file, with blocks of %i bytes',
  (blockSize) => {
    const found: number[] = [];
    const image = makeImage({ blockSize, blocks: (1 << 21) / blockSize, files: { big: content } });
    const ran = expectFiles(image, function* (files, env) {
      const stack = (yield* env.stack()) + buffer;
      const file = yield* files.open('/big', OPEN_RW);
      // Changed, and not on the disk yet.
      yield store8(stack, 11);
      yield* files.write(file, stack, 1);
      const at = yield* files.mmap(file, 0, BYTES, RW);
      if (at < 0) return -at;
      found.push(yield load8(at), yield load8(at + 1), yield load8(at + BYTES - 1), yield load8(at + BYTES));
      // What is stored is read, and what is written is seen.
      yield store8(at + LIMIT.PAGE + 5, 55);
      yield* files.lseek(file, LIMIT.PAGE + 5, SEEK.SET);
      yield* files.read(file, stack, 1);
      found.push(yield load8(stack));
      yield store8(stack, 77);
      yield* files.lseek(file, 2 * LIMIT.PAGE, SEEK.SET);
      yield* files.write(file, stack, 1);
      found.push(yield load8(at + 2 * LIMIT.PAGE));
      const child = yield* spawn(yield addressOf(neighbour), 0, -1);
      yield* wait(child, stack);
      found.push(yield load8(stack), yield load8(at + LIMIT.PAGE + 6));
      found.push(yield* files.ftruncate(file, 10), yield* files.fsync(file));
      found.push(yield* munmap(at, BYTES), yield* files.close(file));
      return 0;
    });
    const { EBUSY } = ERROR;
    expect(found).toEqual([11, 7, content.at(-1), 0, 55, 77, 0, 66, EBUSY, 0, 0, 0]);
    const wanted = Uint8Array.from(content);
    wanted.set([11], 0);
    wanted.set([55, 66], LIMIT.PAGE + 5);
    wanted.set([77], 2 * LIMIT.PAGE);
    expect(contentOf(ran.disk, '/big')).toEqual(Buffer.from(wanted));
  },
);

test('a hole that is stored to becomes a block, and nothing of what the disk held there is seen', () => {
  const image = makeImage({ files: { dirt: new Uint8Array(300_000).fill(0xee) } });
  const found: number[] = [];
  const ran = expectFiles(image, function* (files, env) {
    const stack = (yield* env.stack()) + buffer;
    yield* files.unlink('/dirt');
    const file = yield* files.open('/holes', OPEN_RW | OPEN.CREATE);
    yield* files.ftruncate(file, 20 * LIMIT.PAGE);
    const at = yield* files.mmap(file, 0, 20 * LIMIT.PAGE, RW);
    if (at < 0) return -at;
    yield store8(at + 17 * LIMIT.PAGE + 9, 9);
    yield store8(stack, 8);
    yield* files.lseek(file, 18 * LIMIT.PAGE + 2000, SEEK.SET);
    yield* files.write(file, stack, 1);
    found.push(yield load8(at + 18 * LIMIT.PAGE + 2000), yield load8(at + 18 * LIMIT.PAGE + 2001));
    // Nobody says fsync: the end of the process does it, and that of the server.
    return 0;
  });
  expect(found).toEqual([8, 0]);
  const held = contentOf(ran.disk, '/holes') ?? new Uint8Array();
  expect(held.length).toBe(20 * LIMIT.PAGE);
  expect([...held].filter((byte) => byte !== 0)).toEqual([9, 8]);
  expect(held[17 * LIMIT.PAGE + 9]).toBe(9);
});

test('what cannot be mapped is refused', () => {
  const image = makeImage({ files: { f: 'some bytes', 'd/': '' } });
  const found: number[] = [];
  expectFiles(image, function* (files) {
    const file = yield* files.open('/f', OPEN.READ);
    const directory = yield* files.open('/d', OPEN.READ);
    found.push(yield* files.mmap(file, 0, 10, RW), yield* files.mmap(file, 4, 10, MAP.READ));
    found.push(yield* files.mmap(file, 0, 0, MAP.READ), yield* files.mmap(file, LIMIT.PAGE, 10, MAP.READ));
    found.push(yield* files.mmap(directory, 0, 10, MAP.READ), yield* files.mmap(-1, 0, 10, MAP.READ));
    found.push(yield* files.mmap(file, 0, 10, 64));
    return 0;
  });
  const { EBADF, EINVAL, EISDIR } = ERROR;
  expect(found).toEqual([EBADF, EINVAL, EINVAL, EINVAL, EISDIR, EBADF, EINVAL]);
  expectFiles(
    image,
    function* (files) {
      const file = yield* files.open('/f', OPEN.READ);
      return (yield* files.mmap(file, 0, 10, MAP.READ)) === ERROR.EOPNOTSUPP ? 0 : 1;
    },
    { by: filesByPpc },
  );
});

test('a page that cannot be read ends the process that touches it; one that is read by a call is EIO', () => {
  const marked = `marked ${'x'.repeat(5000)}`;
  const image = makeImage({ files: { bad: marked } });
  const block = Math.floor(Buffer.from(image).indexOf('marked') / 512);
  const found: number[] = [];
  const ran = runFiles(
    image,
    function* (files, env) {
      const file = yield* files.open('/bad', OPEN.READ);
      const at = yield* files.mmap(file, 0, 5000, MAP.READ);
      found.push(yield* files.read(file, (yield* env.stack()) + buffer, 10), yield load8(at + LIMIT.PAGE));
      return yield load8(at);
    },
    { faults: [{ kind: 'badBlock', block }] },
  );
  expect(found).toEqual([ERROR.EIO, 120]);
  expect(ran.stop).toEqual({ kind: 'halted', status: -66 });
});
