import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProgram } from '../../lab/load/load-program.ts';
import { runUnderKernel } from '../userland/kernel-run.ts';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');

test('the README’s program of your own is a program, and does what the README says', async () => {
  const [, source = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const directory = await mkdtemp(path.join(tmpdir(), 'eddy-readme-'));
  try {
    const file = path.join(directory, 'mine.ts');
    await writeFile(file, source);
    const { program } = await loadProgram(file);
    expect(runUnderKernel(program, { preset: 'cc-numa', harts: 8 })).toEqual({
      stop: { kind: 'halted', status: 0 },
      lines: ['check sum: ok 800 of 800'],
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('what the README shows fits into 80 columns', () => {
  const blocks = [...readme.matchAll(/```\n(.*?)```/gs)].flatMap(([, block = '']) => block.split('\n'));
  expect(blocks.filter((line) => [...line].length > 80)).toEqual([]);
});
