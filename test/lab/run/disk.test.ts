import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { check, contentOf, makeImage } from '../../userland/servers/files/ext2-image.ts';
import { eddy } from '../captured-host.ts';

const file = (text: string): string => {
  const name = path.join(mkdtempSync(path.join(tmpdir(), 'eddy-disk-')), 'text');
  writeFileSync(name, text);
  return name;
};

test('--disk: the disk begins with the file, which is not changed', async () => {
  const name = file('one two two');
  const { status, output } = await eddy('run', 'wordcount', '--harts', '2', '--disk', name);
  expect(status).toBe(0);
  expect(output).toContain('3 words, 2 different, most often "two" (2)');
  await eddy('run', 'fault', '--set', 'backing=disk', '--set', 'pages=1', '--disk', name);
  expect(readFileSync(name, 'utf8')).toBe('one two two');
});

test('--disk: a file that is not there, or does not fit, is refused in one line', async () => {
  const missing = await eddy('run', 'wordcount', '--disk', './no-such-file');
  expect(missing.status).toBe(2);
  expect(missing.errors).toMatch(/^eddy: --disk \.\/no-such-file: ENOENT.*\n$/);
  const name = file('x'.repeat(512 * 9 + 1));
  const large = await eddy('run', 'wordcount', '--disk', name, '--set', 'disk.blocks=8');
  expect(large).toEqual({
    status: 2,
    output: '',
    errors: `eddy: --disk ${name}: the disk has 8 blocks; --set disk.blocks=10 fits it\n`,
  });
});

test('--disk: files of an ext2 file system are there, and what the program makes of them is in the image', async () => {
  const name = file('');
  writeFileSync(name, makeImage({ files: { 'a/b': 'three words here', c: 'one' } }));
  const { status, output } = await eddy('run', 'files', '--harts', '2', '--disk', name);
  expect(status).toBe(0);
  expect(output).toContain('check words: ok 4 of 4');
  const image = readFileSync(name);
  expect(check(image).status).toBe(0);
  expect(new TextDecoder().decode(contentOf(image, '/copy/a/b'))).toBe('three words here');
});

test('--disk: a file system that reaches into the swap is refused', async () => {
  const name = file('');
  const image = makeImage({ files: { a: 'b' } });
  writeFileSync(name, image);
  const blocks = image.length / 512;
  const set = ['--set', 'kernel.swap=4', '--set', `disk.blocks=${blocks + 16}`];
  const refused = await eddy('run', 'files', '--disk', name, ...set);
  expect(refused.status).toBe(2);
  expect(refused.errors).toBe(
    `eddy: --set kernel.swap=4: the file system of ${name} reaches into the last 4 pages of the disk; take more blocks by --set disk.blocks=${blocks + 32}\n`,
  );
});

test('--disk: an image with a feature that is not supported, or none for a program with files, is refused', async () => {
  const name = file('');
  writeFileSync(name, makeImage({ options: ['-O', 'has_journal'], blocks: 4096 }));
  const refused = await eddy('run', 'files', '--disk', name);
  expect(refused.status).toBe(2);
  expect(refused.errors).toBe(
    `eddy: --disk ${name}: its file system has the feature has_journal; make it with mke2fs -t ext2\n`,
  );
  const none = await eddy('run', 'files');
  expect(none.status).toBe(2);
  expect(none.errors).toMatch(/^eddy: it needs files: .*mke2fs.*\n$/);
});
