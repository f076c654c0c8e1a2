import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eddy } from '../captured-host.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'eddy-kind-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function file(name: string, text: string): Promise<string> {
  const written = path.join(directory, name);
  await writeFile(written, text);
  return written;
}

const MINE = `import { type LockKind, spinUntil, store, testAndSet } from 'eddy-os/userland';
export default {
  id: 'mine', summary: 's', fifo: false, blocking: false, nodeSize: 0, size: () => 4,
  at: (word) => ({
    *acquire() { do yield spinUntil(word, 0); while (ACQUIRED); },
    *release() { yield store(word, 0); },
  }),
} satisfies LockKind;
`;
const right = MINE.replace('ACQUIRED', '(yield testAndSet(word)) !== 0');

/** Carries out a command line; gives what it says without the folder's name. */
async function say(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const { status, output, errors } = await eddy(...args);
  const short = (text: string): string => text.replaceAll(`${directory}${path.sep}`, '');
  return { status, out: short(output), err: short(errors) };
}

const BARE = ['--bare', '--machine', 'smp', '--harts', '3'];

describe('--lock and --barrier', () => {
  test.each([
    [['locks', '--lock', 'clh'], 'locks: 3 threads, 50 rounds each, clh'],
    [['barriers', '--barrier', 'tournament'], 'barriers: 3 threads, 50 episodes, tournament'],
  ])('eddy run %j takes the kind of that name', async (args, line) => {
    const { status, out } = await say('run', ...args, ...BARE);
    expect({ status, first: out.split('\n')[0] }).toEqual({ status: 0, first: line });
  });

  test('a file of the user is a kind as good as ours', async () => {
    const { status, out } = await say('run', 'locks', '--lock', await file('mine.ts', right), ...BARE);
    expect(out).toContain('locks: 3 threads, 50 rounds each, mine');
    expect(status).toBe(0);
  });

  test('a lock of the user that excludes nobody fails its check', async () => {
    const wrong = await file('wrong.ts', MINE.replace('ACQUIRED', 'false').replace(', testAndSet', ''));
    const { status, out } = await say('run', 'locks', '--lock', wrong, ...BARE);
    expect(out).toContain('check exclusion: FAILED');
    expect(status).toBe(1);
  });

  test('what a lock of the user throws is located in its file', async () => {
    const text = MINE.replace('ACQUIRED', 'fail()').replace(', testAndSet', '');
    const failing = await file(
      'failing.ts',
      `${text}const fail = (): boolean => { throw new Error('no'); };\n`,
    );
    const { status, err } = await say('run', 'locks', '--lock', failing, ...BARE);
    expect(err).toContain('failing.ts:9:');
    expect(status).toBe(3);
  });

  test.each([
    [['locks', '--lock', 'mxs'], "eddy: unknown lock 'mxs'; did you mean 'mcs'?\n"],
    [
      ['locks', '--lock', './tiket.ts'],
      "eddy: no such file: ./tiket.ts; the nearest listed lock is 'ticket'\n",
    ],
    [
      ['hello', '--barrier', 'counting'],
      'eddy: program hello takes no --barrier; those that do: barriers, matmul, sor, bnb, hashtable, wordcount\n',
    ],
    [
      ['locks', '--bare', '--set', 'lock=futex-mutex'],
      'eddy: lock futex-mutex makes waiters sleep in the kernel: not with --bare\n',
    ],
  ])('eddy run %j is refused', async (args, message) => {
    expect(await say('run', ...args)).toEqual({ status: 2, out: '', err: message });
  });

  test.each([
    [
      'text.js',
      'export default 3;',
      "text.js: the default export is not a lock; end it with 'export default { id, summary, … } satisfies LockKind'",
    ],
    [
      'part.js',
      "export default { id: 'x', summary: 'y', fifo: true };",
      "part.js: not a lock: its 'blocking', a boolean, is missing",
    ],
    [
      'none.js',
      'export const lock = 3;',
      "none.js: no default export; end it with 'export default { id, summary, … } satisfies LockKind'",
    ],
  ])('%s is refused', async (name, text, message) => {
    const { status, err } = await say('run', 'locks', '--lock', await file(name, text), ...BARE);
    expect({ status, err }).toEqual({ status: 2, err: `eddy: ${message}\n` });
  });
});
