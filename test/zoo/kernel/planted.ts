/**
 * The kernel with a bug planted in it: one of its source files is changed as a bug says, and all of it is bundled
 * anew and loaded beside the product, which stays as it is.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { importBundle } from '../../../lab/load/import-bundle.ts';
import type * as laboratory from './laboratory.ts';

export type Laboratory = typeof laboratory;

/** What is changed in a file, from the root of the repository on: texts that occur once, and what takes their place. */
export interface Change {
  readonly file: string;
  readonly edits: readonly (readonly [from: string, to: string])[];
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The source of a file with a change. */
export const changed = (source: string, { file, edits }: Change): string =>
  edits.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length === 2) return parts.join(to);
    throw new Error(`${file} has ${parts.length - 1} places like '${from}': plant the bug anew`);
  }, source);

/** Loads a laboratory whose kernel has the change. */
export async function plant(change: Change): Promise<Laboratory> {
  return (await loadChanged('test/zoo/kernel/laboratory.ts', change)) as unknown as Laboratory;
}

/** Loads a module, from the root of the repository on, and all that it imports, with the change. */
export async function loadChanged(entry: string, change: Change): Promise<Readonly<Record<string, unknown>>> {
  const directory = path.dirname(path.join(ROOT, entry));
  const result = await build({
    entryPoints: [path.join(ROOT, entry)],
    outfile: path.join(directory, 'changed.mjs'),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    sourcemap: 'external',
    logLevel: 'silent',
    plugins: [changing(change)],
  });
  const text = (ending: string): string =>
    result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  const { module } = await importBundle({ code: text('.mjs'), map: text('.map'), directory });
  return module;
}

const changing = (change: Change): Plugin => ({
  name: 'planted',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      if (path.relative(ROOT, file) !== change.file) return undefined;
      return { contents: changed(await readFile(file, 'utf8'), change), loader: 'ts' };
    });
  },
});
