import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { constantRows } from '../../lab/docs/constants.ts';
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
