import { describe, expect, test } from 'vitest';
import { type Code, load, load16, load8, store8 } from '../../../../hw/isa/index.ts';
import { ERROR, errorName } from '../../../../kernel/abi/index.ts';
import { filesByLrpc, filesByPpc } from '../../../../userland/files/attach.ts';
import type { FileSystem } from '../../../../userland/files/file-system.ts';
import { CHUNK, FILE_KIND, LISTED, OPEN, SEEK, STAT } from '../../../../userland/files/protocol.ts';
import { contentOf, makeImage } from './ext2-image.ts';
import { expectFiles } from './run-files.ts';

const deep = process.env['EDDY_DEEP'] !== undefined;
const MADE = OPEN.READ | OPEN.WRITE | OPEN.CREATE;
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

/** Stores text, and gives how many bytes it has. */
function* put(at: number, what: string): Code<number> {
  for (const [index, letter] of [...what].entries()) yield store8(at + index, letter.charCodeAt(0));
  return what.length;
}

/** The text at an address. */
function* got(at: number, bytes: number): Code<string> {
  let found = '';
  for (let index = 0; index < bytes; index++) found += String.fromCharCode(yield load8(at + index));
  return found;
}

/** Names in a directory, in order. */
function* names(files: FileSystem, path: string, buffer: number): Code<string[]> {
  const directory = yield* files.open(path, OPEN.READ);
  expect(directory, path).toBeGreaterThan(0);
  const found: string[] = [];
  for (;;) {
    const bytes = yield* files.readdir(directory, buffer);
    expect(bytes).toBeGreaterThanOrEqual(0);
    if (bytes === 0) break;
    for (let at = 0; at < bytes; at += yield load16(buffer + at + LISTED.RECORD))
      found.push(yield* got(buffer + at + LISTED.NAME, yield load8(buffer + at + LISTED.LENGTH)));
  }
  yield* files.close(directory);
  return found.toSorted();
}

/** Memory of a thread that its scratch and its printing leave alone. */
const buffer = 6 * 1024;

describe.each([
  ['LRPC', filesByLrpc],
  ['protected procedure calls', filesByPpc],
] as const)('files by %s', (_name, by) => {
  test('are read, written, appended to and sought in', () => {
    const image = makeImage({ files: { 'docs/one.txt': 'the first file\n' } });
    const ran = expectFiles(
      image,
      function* (files, env) {
        const at = (yield* env.stack()) + buffer;
        const one = yield* files.open('/docs/one.txt', OPEN.READ);
        expect(yield* got(at, yield* files.read(one, at, 100))).toBe('the first file\n');
        expect(yield* files.read(one, at, 100)).toBe(0);
        expect(yield* files.lseek(one, 4, SEEK.SET)).toBe(4);
        expect(yield* got(at, yield* files.read(one, at, 5))).toBe('first');
        expect(yield* files.lseek(one, -5, SEEK.END)).toBe(10);
        expect(yield* files.lseek(one, -20, SEEK.CURRENT)).toBe(ERROR.EINVAL);
        expect(yield* files.write(one, at, 1)).toBe(ERROR.EBADF);
        expect(yield* files.close(one)).toBe(0);
        const two = yield* files.open('/docs/two.txt', MADE);
        expect(yield* files.write(two, at, yield* put(at, 'line 1\n'))).toBe(7);
        const more = yield* files.open('docs/two.txt', OPEN.WRITE | OPEN.APPEND);
        expect(yield* files.write(more, at, yield* put(at, 'line 2\n'))).toBe(7);
        expect(yield* files.lseek(two, 0, SEEK.SET)).toBe(0);
        expect(yield* got(at, yield* files.read(two, at, 99))).toBe('line 1\nline 2\n');
        expect(yield* files.ftruncate(two, 4)).toBe(0);
        expect(yield* files.ftruncate(two, 6)).toBe(0);
        expect(yield* files.fsync(two)).toBe(0);
        return 0;
      },
      { by },
    );
    expect(text(contentOf(ran.disk, '/docs/two.txt'))).toBe('line\0\0');
    expect(text(contentOf(ran.disk, '/docs/one.txt'))).toBe('the first file\n');
  });

  test('have names that are made, changed and taken away', () => {
    const ran = expectFiles(
      makeImage({ files: { 'a/x': 'x', 'b/': '' } }),
      function* (files, env) {
        const at = (yield* env.stack()) + buffer;
        expect(yield* files.mkdir('/c')).toBe(0);
        expect(yield* files.mkdir('/c/d')).toBe(0);
        expect(yield* files.rename('/a/x', '/c/d/y')).toBe(0);
        expect(yield* files.rename('/c', '/b/c')).toBe(0);
        expect(yield* names(files, '/b/c/d', at)).toEqual(['.', '..', 'y']);
        expect(yield* names(files, '/', at)).toEqual(['.', '..', 'a', 'b', 'lost+found']);
        expect(yield* files.stat('/b', at)).toBe(0);
        expect((yield load(at + STAT.MODE)) & FILE_KIND.MASK).toBe(FILE_KIND.DIRECTORY);
        expect(yield load(at + STAT.LINKS)).toBe(3);
        expect(yield* files.unlink('/b/c/d/y')).toBe(0);
        expect(yield* files.rmdir('/b/c/d')).toBe(0);
        expect(yield* files.rmdir('/a')).toBe(0);
        return 0;
      },
      { by },
    );
    expect(contentOf(ran.disk, '/a/x')).toBeUndefined();
  });
});

describe('the file server', () => {
  test('says what is wrong as POSIX does', () => {
    const long = 'n'.repeat(256);
    const outcomes: [string, (files: FileSystem, at: number) => Code<number>, keyof typeof ERROR][] = [
      ['a missing file', (files) => files.open('/no', OPEN.READ), 'ENOENT'],
      ['a missing directory', (files) => files.open('/no/x', MADE), 'ENOENT'],
      ['an empty path', (files) => files.open('', OPEN.READ), 'ENOENT'],
      ['a file as a directory', (files) => files.open('/f/x', OPEN.READ), 'ENOTDIR'],
      ['a file with a slash', (files) => files.open('/f/', OPEN.READ), 'ENOTDIR'],
      ['a directory to write', (files) => files.open('/d', OPEN.WRITE), 'EISDIR'],
      ['a directory to make', (files) => files.open('/', MADE), 'EISDIR'],
      ['one that exists', (files) => files.open('/f', MADE | OPEN.EXCLUSIVE), 'EEXIST'],
      ['neither to read nor to write', (files) => files.open('/f', OPEN.CREATE), 'EINVAL'],
      ['flags that there are not', (files) => files.open('/f', 1 << 20), 'EINVAL'],
      ['a long name', (files) => files.open(`/${long.slice(0, 255)}`, MADE), 'ENAMETOOLONG'],
      ['mkdir of what exists', (files) => files.mkdir('/f'), 'EEXIST'],
      ['mkdir of the root', (files) => files.mkdir('/'), 'EEXIST'],
      ['unlink of a directory', (files) => files.unlink('/d'), 'EISDIR'],
      ['unlink of nothing', (files) => files.unlink('/no'), 'ENOENT'],
      ['rmdir of a file', (files) => files.rmdir('/f'), 'ENOTDIR'],
      ['rmdir of a full directory', (files) => files.rmdir('/d'), 'ENOTEMPTY'],
      ['rmdir of .', (files) => files.rmdir('/d/.'), 'EINVAL'],
      ['rename of nothing', (files) => files.rename('/no', '/x'), 'ENOENT'],
      ['rename into itself', (files) => files.rename('/d', '/d/e/f'), 'EINVAL'],
      ['rename over a full directory', (files) => files.rename('/e', '/d'), 'ENOTEMPTY'],
      ['rename of a file over a directory', (files) => files.rename('/f', '/e'), 'EISDIR'],
      ['rename of a directory over a file', (files) => files.rename('/e', '/f'), 'ENOTDIR'],
      ['a handle of nothing', (files, at) => files.fstat(12_345, at), 'EBADF'],
      ['a handle below 0', (files) => files.close(-7), 'EBADF'],
      [
        'readdir of a file',
        function* (files, at) {
          return yield* files.readdir(yield* files.open('/f', OPEN.READ), at);
        },
        'ENOTDIR',
      ],
      [
        'read of a directory',
        function* (files, at) {
          return yield* files.read(yield* files.open('/d', OPEN.READ), at, 10);
        },
        'EISDIR',
      ],
      [
        'a place before the beginning',
        function* (files) {
          return yield* files.lseek(yield* files.open('/f', OPEN.READ), -1, SEEK.SET);
        },
        'EINVAL',
      ],
      [
        'a length below 0',
        function* (files) {
          return yield* files.ftruncate(yield* files.open('/f', OPEN.WRITE), -1);
        },
        'EINVAL',
      ],
      [
        'what no block can be',
        function* (files, at) {
          const file = yield* files.open('/f', OPEN.WRITE);
          yield* files.lseek(file, 0x7fff_ffff, SEEK.SET);
          return yield* files.write(file, at, 1);
        },
        'EFBIG',
      ],
      [
        'a handle that was closed',
        function* (files) {
          const file = yield* files.open('/f', OPEN.READ);
          yield* files.close(file);
          return yield* files.close(file);
        },
        'EBADF',
      ],
    ];
    const image = makeImage({ files: { f: 'file', 'd/e/x': 'x', 'e/': '' } });
    const found: Record<string, string> = {};
    expectFiles(image, function* (files, env) {
      const at = (yield* env.stack()) + buffer;
      for (const [what, act] of outcomes) found[what] = errorName(yield* act(files, at));
      return 0;
    });
    expect(found).toEqual(Object.fromEntries(outcomes.map(([what, , wanted]) => [what, wanted])));
  });

  test.each(deep ? [1024, 2048, 4096] : [1024])(
    'finds blocks at every depth of pointers, with blocks of %i bytes',
    (blockSize) => {
      const per = blockSize / 4;
      const first = [0, 11, 12, 12 + per - 1, 12 + per, 12 + per + per * per];
      const places = first.map((block) => block * blockSize).filter((at) => at < 0x7fff_0000);
      const image = makeImage({ blockSize, blocks: 512, files: { big: 'z' } });
      expectFiles(image, function* (files, env) {
        const at = (yield* env.stack()) + buffer;
        const file = yield* files.open('/big', OPEN.READ | OPEN.WRITE);
        for (const [index, place] of places.entries()) {
          expect(yield* files.lseek(file, place, SEEK.SET)).toBe(place);
          expect(yield* files.write(file, at, yield* put(at, `piece ${index}`))).toBe(7);
        }
        for (const [index, place] of places.entries()) {
          yield* files.lseek(file, place, SEEK.SET);
          expect(yield* files.read(file, at, 7)).toBe(7);
          expect(yield* got(at, 7)).toBe(`piece ${index}`);
        }
        // A hole is zeroes.
        yield* files.lseek(file, 5 * blockSize, SEEK.SET);
        expect(yield* files.read(file, at, 4)).toBe(4);
        expect(yield load(at)).toBe(0);
        for (const place of places.toReversed()) {
          expect(yield* files.ftruncate(file, place + 3)).toBe(0);
          yield* files.lseek(file, place, SEEK.SET);
          expect(yield* files.read(file, at, 7)).toBe(3);
        }
        return 0;
      });
    },
  );

  test('says that the disk is full, and goes on when there is room again', () => {
    const content = new Uint8Array(400 * 1024).fill(7);
    const image = makeImage({ blocks: 512, files: { big: content } });
    const ran = expectFiles(image, function* (files, env) {
      const at = (yield* env.stack()) + buffer;
      const file = yield* files.open('/more', MADE);
      let written = 0;
      for (;;) {
        const part = yield* files.write(file, at, CHUNK);
        if (part < CHUNK) {
          expect(part >= 0 ? yield* files.write(file, at, CHUNK) : part).toBe(ERROR.ENOSPC);
          break;
        }
        written += part;
      }
      expect(written).toBeGreaterThan(10_000);
      expect(yield* files.mkdir('/d')).toBe(ERROR.ENOSPC);
      expect(yield* files.unlink('/big')).toBe(0);
      expect(yield* files.mkdir('/d')).toBe(0);
      expect(yield* files.write(file, at, CHUNK)).toBe(CHUNK);
      return 0;
    });
    expect(contentOf(ran.disk, '/big')).toBeUndefined();
  });
});
