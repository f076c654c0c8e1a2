import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CacheResult } from '../../../lab/cache/simulation.ts';
import { eddy, eddyJson } from '../captured-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'eddy-cache-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
/** 16 sets of one 16-byte line. */
const TINY = ['--size', '256', '--ways', '1', '--line', '16'];

const LACKEY = `==7== Lackey, an example Valgrind tool
I  0400d7d4,8
 M 0421c7f0,4
 L 04f6b868,8

 S 7ff0005c8,8\r
==7==
`;

describe('eddy cache', () => {
  test('gives the published counts of a trace of a well-known exercise', async () => {
    // The cache lab of Bryant & O'Hallaron, CS:APP: yi.trace has 4 hits and 5 misses with s=4, E=1, b=4.
    const yi = file('yi.trace', ' L 10,1\n M 20,1\n L 22,1\n S 18,1\n L 110,1\n L 210,1\n M 12,1\n');
    const result = await eddyJson<CacheResult>('cache', '--trace', yi, ...TINY);
    expect(result).toMatchObject({ status: 0, accesses: 9, hits: 4, misses: 5 });
    expect(result.byKind).toEqual({ cold: 4, capacity: 0, conflict: 1 });
  });

  test('reads lackey: modifying is reading and writing, valgrind’s lines are skipped', async () => {
    const result = await eddyJson<CacheResult>('cache', '--trace', file('lackey', LACKEY));
    expect(result.byAccess).toEqual({
      read: { accesses: 2, misses: 2 },
      write: { accesses: 2, misses: 1 },
      fetch: { accesses: 1, misses: 1 },
    });
  });

  test('reads din: whatever follows the address is not looked at', async () => {
    const din = file('din', '2 0x408ed4\n1 10019d94 ignored\n0 10019D94\n  2 408ed8');
    const result = await eddyJson<CacheResult>('cache', '--trace', din);
    expect(result.byAccess).toEqual({
      read: { accesses: 1, misses: 0 },
      write: { accesses: 1, misses: 1 },
      fetch: { accesses: 2, misses: 1 },
    });
  });

  test('counts an access that crosses lines for each of them', async () => {
    const crossing = file('crossing', ' L 1c,8\n S 3f,34\n L ffffffffffffffff,1\n');
    const result = await eddyJson<CacheResult>('cache', '--trace', crossing, ...TINY);
    expect(result).toMatchObject({ accesses: 2 + 4 + 1, misses: 7 });
  });

  test('writes through, and past the cache, as it is told', async () => {
    const trace = file('writes', '1 0\n1 0\n0 0\n1 0\n1 100\n0 100\n');
    const run = (...policy: string[]) => eddyJson<CacheResult>('cache', '--trace', trace, ...TINY, ...policy);
    expect(await run()).toMatchObject({ misses: 2, writebacks: 1 });
    expect(await run('--write-through')).toMatchObject({ misses: 2, writebacks: 0, dirtyLines: 0 });
    expect(await run('--no-write-allocate')).toMatchObject({ misses: 5, writebacks: 1, dirtyLines: 0 });
    expect(await run('--no-write-allocate', '--write-through')).toMatchObject({ misses: 5, writebacks: 0 });
    expect(await run('--write-back', '--write-allocate')).toEqual(await run());
  });

  test('draws a table', async () => {
    const { output } = await eddy('cache', '--trace', file('din', '0 0\n0 4\n'));
    expect(output).toContain('32 KiB, 8-way, 64 sets of 64-byte lines, write-back, write-allocate');
    expect(output).toMatch(/hits +1 +50%/);
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('reads lines that lie across the pieces in which the file comes', async () => {
    const lines = Array.from({ length: 200_000 }, (_, index) => `${index % 3} ${(index * 52).toString(16)}`);
    const result = await eddyJson<CacheResult>('cache', '--trace', file('long', lines.join('\n')));
    expect(result).toMatchObject({ accesses: 200_000, misses: Math.ceil((200_000 * 52) / 64) });
  });
});

describe('what is wrong with a trace is said with its line', () => {
  test.each([
    ['0 10\nhello\n', ":2: a number is wanted, not 'hello'"],
    ['0 10\n3 10\n', ':2: the label is 0, 1 or 2 (read, write, fetch), not 3'],
    ['0 10\n1\n', ":2: an address in hexadecimal digits is wanted, not ''"],
    ['0 10\n1 xyz\n', ":2: an address in hexadecimal digits is wanted, not 'xyz'"],
    ['0 10\n1 12g4\n', ":2: 'g4' follows the address"],
    ['0 12345678901234567\n', ':1: the address 12345678901234567 is none that hardware has'],
    ['0 1234567890123456\n', ':1: the address 1234567890123456 is none that hardware has'],
    [' L 10,4\n 0 10\n', ":2: an access is I, L, S or M, not '0 10'"],
    [' L 10,4\n L 10\n', ':2: a comma and the number of bytes are wanted after the address'],
    [' L 10,4\n\n L 10,0\n', ':3: 0 bytes: an access is of 1 to 65536'],
    [' L 10,4\n L 10,99999999\n', ':2: 99999999 bytes'],
    [' L 10,4\n S 10,4x\n', ":2: 'x' follows the number of bytes"],
    [' L 10,4\n S 10,\n', ":2: a number is wanted, not ''"],
    ['==1== hello\nwhat is this\n', ":2: 'what is this' is neither din ('0 1f00') nor lackey (' L 1f00,4')"],
    ['', ': there is no access in this file'],
    ['==1== only talk\n', ': there is no access in this file'],
    [`0 10\n${'z'.repeat(10_000)}`, ':2: a line of more than 4096 bytes'],
    ['\u0000\u0001\u0002', ":1: '???' is neither"],
  ])('%j', async (content, says) => {
    const path = file('damaged', content);
    const { status, output, errors } = await eddy('cache', '--trace', path);
    expect(errors).toContain(`eddy: ${path}${says}`);
    expect(errors).toMatch(/^[^\n]*\n$/);
    expect(output).toBe('');
    expect(status).toBe(2);
  });
});

describe('what cannot be built is refused with the option at fault', () => {
  test.each([
    ['--ways 3 --size 100', '--size 100: the size is a multiple of the line (64 bytes), up to 256 MiB'],
    ['--ways 3 --size 4096', '--ways 3: 64 lines do not make a power of two of sets of 3; the nearest is 4'],
    ['--ways 9 --size 512', '--ways 9: 512 B in lines of 64 make 8 ways at most'],
    ['--line 48', '--line 48: a line is a power of two from 4 to 4096 bytes'],
    ['--size 32', '--size 32: the size is a multiple of the line'],
    ['--size 0', '--size 0: the least that is possible is 1'],
    ['--size big', '--size big: a whole number is wanted'],
    ['--write-back --write-through', '--write-through: --write-back is given, too'],
    ['--wyas 3', "unknown option '--wyas'; did you mean '--ways'?"],
  ])('%s', async (options, says) => {
    const { status, errors } = await eddy('cache', '--trace', 'x', ...options.split(' '));
    expect(errors).toContain(says);
    expect(status).toBe(2);
  });

  test('as is a trace that is not there, or is a folder, or is not given', async () => {
    expect((await eddy('cache', '--trace', '/no/such')).errors).toBe(
      'eddy: --trace /no/such: no such file\n',
    );
    expect((await eddy('cache', '--trace', folder)).errors).toContain('this is a folder');
    const { status, errors } = await eddy('cache');
    expect(errors).toContain('--trace');
    expect(status).toBe(2);
  });
});
