import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DRAGON } from '../../hw/coherence/dragon.ts';
import { MESI } from '../../hw/coherence/mesi.ts';
import { PRESETS } from '../../hw/presets.ts';
import { constantRows } from '../../lab/docs/constants.ts';
import { presetNotes } from '../../lab/docs/preset-notes.ts';
import { renderReference } from '../../lab/docs/reference.ts';

const pages = await renderReference();

test.each([...pages.keys()])(
  'docs/reference/%s says what the tables say (npm run docs writes it)',
  async (name) => {
    expect(await readFile(new URL(`../../docs/reference/${name}`, import.meta.url), 'utf8')).toBe(
      pages.get(name),
    );
  },
);

test('a constant without a comment is not rendered silently', async () => {
  await expect(constantRows('kernel/abi/flags.ts', 'MAP', { NOWHERE: 1 })).rejects.toThrow(
    'MAP.NOWHERE has no comment',
  );
  await expect(constantRows('kernel/abi/flags.ts', 'NOTHING', {})).rejects.toThrow('no object NOTHING');
});

test('what the presets say of their figures is found beside them', async () => {
  const notes = await presetNotes();
  expect([...notes.keys()]).toEqual(PRESETS.map(({ name }) => name));
  expect(notes.get('cc-numa')).toEqual([]);
  expect(notes.get('amd16')?.join(' ')).toContain('lines of 64 bytes [F]');
});

test('each state and event of a protocol has its cell', () => {
  const text = pages.get('protocols.md') ?? '';
  for (const { state, event, next, why } of [...MESI, ...DRAGON]) {
    expect(text).toContain(`| \`${state}\` | \`${event}\` | \`${next}\` |`);
    expect(text).toContain(why);
  }
});
