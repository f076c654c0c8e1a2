/** File servers with a bug planted in them are found out: by the model, by e2fsck, or when the power fails. */
import { expect, test } from 'vitest';
import { type Change, loadChanged } from '../../../zoo/kernel/planted.ts';
import type * as crashes from './crash.ts';
import { makeImage } from './ext2-image.ts';
import type * as lives from './life.ts';

type Bug = Change & { readonly title: string; readonly by: 'life' | 'crash' };

const CACHE = 'userland/servers/files/block-cache.ts';
/** A cache of few blocks, so that they go to the disk and come back all the time. */
const SMALL = [
  'yield store(cache + CACHE.COUNT, buffers);',
  'yield store(cache + CACHE.COUNT, 12);',
] as const;

const BUGS: readonly Bug[] = [
  {
    title: 'bitmaps are not written before what points to blocks',
    by: 'crash',
    file: CACHE,
    edits: [['if ((yield load(buffer + BUFFER.POINTS)) !== 0) {', 'if (volume < 0) {']],
  },
  {
    title: 'a record that is taken out is not added to the one before it',
    by: 'life',
    file: 'userland/servers/files/directory.ts',
    edits: [
      [
        'const record = (yield load16(before + ENTRY.RECORD)) + (yield load16(entry + ENTRY.RECORD));',
        'const record = (yield load16(before + ENTRY.RECORD)) + 4;',
      ],
    ],
  },
  {
    title: 'a block that was changed is lost when its buffer is wanted',
    by: 'life',
    file: CACHE,
    edits: [
      SMALL,
      ['const dirty = idle && (yield load(buffer + BUFFER.DIRTY)) !== 0;', 'const dirty = false;'],
    ],
  },
  {
    title: 'a new name is not on the disk at once',
    by: 'crash',
    file: 'userland/servers/files/directory.ts',
    edits: [['const result = yield* writeBuffer(volume, buffer);', 'const result = 0;']],
  },
  {
    title: 'an fsync leaves the inode in memory',
    by: 'crash',
    file: 'userland/servers/files/sync.ts',
    edits: [['yield* putInode(volume, inode, true)', 'yield* putInode(volume, inode, false)']],
  },
];

/** Bugs that are always looked for; the others, too, in deep runs. */
const ALWAYS = 3;
const deep = process.env['EDDY_DEEP'] !== undefined;
const SEEDS = 6;
/** From here on, all of them are found soon. */
const FIRST = 5 * 7919;

async function found(bug: Change, by: Bug['by'], seeds = SEEDS): Promise<string | undefined> {
  const image = makeImage({ blocks: 1024 });
  const module = await loadChanged(`test/userland/servers/files/${by}.ts`, bug);
  for (let seed = 1; seed <= seeds; seed++) {
    const problem =
      by === 'life'
        ? (module as unknown as typeof lives).whatGoesWrong({
            image,
            preset: 'smp',
            harts: 2,
            seed: seed * 7919 + FIRST,
            operations: 40,
          })
        : (module as unknown as typeof crashes).firstLoss({ image, harts: 2, seed, files: 8 }, 4);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

test.each(deep ? BUGS : BUGS.slice(0, ALWAYS))('$title: found', async (bug) => {
  expect(await found(bug, bug.by)).toBeDefined();
});

test('a cache of few blocks is no bug', async () => {
  expect(await found({ file: CACHE, edits: [SMALL] }, 'life', 1)).toBeUndefined();
});
