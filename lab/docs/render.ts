/** `npm run docs`: writes the reference pages of docs/reference from the tables in the code. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { renderReference } from './reference.ts';

const directory = new URL('../../docs/reference/', import.meta.url);

await mkdir(directory, { recursive: true });
for (const [name, text] of await renderReference()) {
  await writeFile(new URL(name, directory), text);
  process.stdout.write(`${fileURLToPath(new URL(name, directory))}\n`);
}
