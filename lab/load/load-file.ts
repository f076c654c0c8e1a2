/**
 * A file of the user's own as a module: type-checked, bundled with what it imports, and loaded. Everything that can be
 * wrong with it is a UsageError that says where.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../cli/exit.ts';
import { nearest } from '../cli/nearest.ts';
import { bundle } from './bundle.ts';
import { importBundle } from './import-bundle.ts';
import { displayPath, type Locator } from './location.ts';
import { typeCheck } from './type-check.ts';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

/** What a file is wanted for. */
export interface Wanted {
  /** `program`, `lock` … */
  readonly noun: string;
  /** The names that could have been given instead of a file. */
  readonly listed: readonly string[];
  /** What a file must end with, for the message if it does not. */
  readonly ending: string;
}

export interface LoadedFile {
  /** The module's default export. */
  readonly exported: unknown;
  /** Absolute path. */
  readonly file: string;
  /** As short as it can be, for messages. */
  readonly name: string;
  readonly locate: Locator;
}

/** Whether what was given is to be a file, not a name. */
export const looksLikePath = (text: string): boolean =>
  text.includes('/') || text.includes(path.sep) || EXTENSIONS.includes(path.extname(text));

/**
 * Loads a file.
 * @param isChecked whether its types were checked before, which takes a while
 * @throws UsageError when there is no such file, or it cannot be loaded: one line, or one per type error
 */
export async function loadFile(given: string, wanted: Wanted, isChecked = false): Promise<LoadedFile> {
  const file = path.resolve(given);
  await checkFile(given, file, wanted);
  const errors = isChecked ? [] : await typeCheck(file);
  if (errors.length > 0) throw new UsageError(errors.join('\n'));
  const { module, locate } = await importBundle(await bundle(file));
  const name = displayPath(file);
  if (!('default' in module))
    throw new UsageError(`${name}: no default export; end it with '${wanted.ending}'`);
  return { exported: module['default'], file, name, locate };
}

async function checkFile(given: string, file: string, { noun, listed }: Wanted): Promise<void> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) {
    const near = nearest(path.basename(given, path.extname(given)), listed);
    throw new UsageError(
      `no such file: ${given}${near === undefined ? '' : `; the nearest listed ${noun} is '${near}'`}`,
    );
  }
  if (!info.isFile()) throw new UsageError(`not a file: ${given}`);
  if (!EXTENSIONS.includes(path.extname(file))) {
    throw new UsageError(
      `not a ${noun}: ${given}; a ${noun} is a file that ends in ${EXTENSIONS.join(', ')}`,
    );
  }
}
