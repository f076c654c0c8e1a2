/** Loads a bundle as a module of this process, and finds the user's lines in its exceptions. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '../cli/exit.ts';
import type { Bundle } from './bundle.ts';
import { formatLocation, type Location, type Locator } from './location.ts';

export interface ImportedBundle {
  readonly module: Readonly<Record<string, unknown>>;
  readonly locate: Locator;
}

/** @throws UsageError when the module throws while it is loaded */
export async function importBundle(bundle: Bundle): Promise<ImportedBundle> {
  const directory = await mkdtemp(path.join(tmpdir(), 'eddy-'));
  const file = path.join(directory, 'program.mjs');
  const locate = locatorFor(file, bundle);
  try {
    await writeFile(file, bundle.code);
    const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    return { module, locate };
  } catch (error) {
    const location = locate(error);
    const where = location === undefined ? '' : `${formatLocation(location)} `;
    throw new UsageError(`${where}${String(error)} (while the file was loaded)`, { cause: error });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** One line of an exception's stack: `at name (file:line:column)` or `at file:line:column`. */
const FRAME = /^\s*at .*?\(?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?)(?:\?[^():]*)?:(\d+):(\d+)\)?$/;

/** Finds the innermost frame that lies in the bundle, and maps it back to the user's file. */
function locatorFor(bundleFile: string, { map, directory }: Bundle): Locator {
  const sourceMap = new SourceMap(JSON.parse(map));
  return (error) => {
    if (!(error instanceof Error)) return undefined;
    for (const line of (error.stack ?? '').split('\n')) {
      const [, where = '', row, column] = FRAME.exec(line) ?? [];
      if (row === undefined) continue;
      const file = where.startsWith('file:') ? fileURLToPath(where) : where;
      if (file !== bundleFile) continue;
      const location = originOf(sourceMap, directory, Number(row), Number(column));
      if (location !== undefined) return location;
    }
    return undefined;
  };
}

function originOf(map: SourceMap, directory: string, line: number, column: number): Location | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalSource' in entry)) return undefined;
  // What comes from our own modules has a source that is no file.
  if (entry.originalSource.startsWith('eddy-os:')) return undefined;
  return {
    file: path.resolve(directory, entry.originalSource),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
}
