import { expect, test } from 'vitest';
import { emptyExt2 } from '../../../lab/files/empty-ext2.ts';
import { check, treeOf } from '../../userland/servers/files/ext2-image.ts';

test('an empty file system is in order, as e2fsck sees it, and has nothing but lost+found', () => {
  const checked = check(emptyExt2());
  expect(checked.status, checked.text).toBe(0);
  expect([...treeOf(emptyExt2()).keys()]).toEqual(['/lost+found']);
});

test.each(['bitmap of blocks', 'bitmap of inodes', 'table of inodes'])(
  'and e2fsck looks: a wrong %s is found',
  (what) => {
    const image = emptyExt2();
    const at = { 'bitmap of blocks': 3, 'bitmap of inodes': 4, 'table of inodes': 5 }[what] as number;
    image.fill(0, at * 1024, (at + 1) * 1024);
    expect(check(image).status).not.toBe(0);
  },
);
