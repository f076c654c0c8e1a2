/**
 * From what stands on the command line to a program: a listed name, or a file of the user's own.
 *
 * A file is type-checked, bundled with what it imports, and loaded; `eddy-os/userland` inside it means the
 * very modules that this process runs. Everything that can be wrong with it is a UsageError that says where.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PROGRAMS } from '../../userland/programs/index.ts';
import { isProgram, type Program } from '../../userland/program.ts';
import { UsageError } from '../cli/exit.ts';
import { nearest, unknown } from '../cli/nearest.ts';
import { bundle } from './bundle.ts';
import { importBundle } from './import-bundle.ts';
import { displayPath, formatLocation, type Location, type Locator, noLocator } from './location.ts';
import { typeCheck } from './type-check.ts';

/** A program, and a way to find the place in the user's file that an exception came from. */
export interface Loaded {
  readonly program: Program;
  /** Absolute path of the user's file; none for a listed program. */
  readonly file: string | undefined;
  /** Where in the user's file an exception was thrown, if it was thrown there or in something called from there. */
  locate(error: unknown): Location | undefined;
}

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Loads a program.
 * @param nameOrPath a name that `eddy list programs` gives, or the path of a .ts or .js file
 * @param isChecked whether its types were checked before, which takes a while
 * @throws UsageError when there is no such program, or the file is not a program: one line, or one per type error
 */
export async function loadProgram(nameOrPath: string, isChecked = false): Promise<Loaded> {
  const listed = PROGRAMS.find((program) => program.name === nameOrPath);
  if (listed !== undefined) return { program: listed, file: undefined, locate: noLocator };
  if (!looksLikePath(nameOrPath)) {
    throw new UsageError(
      unknown(
        'program',
        nameOrPath,
        PROGRAMS.map((program) => program.name),
      ),
    );
  }
  return loadFile(nameOrPath, isChecked);
}

/** An exception of the program's, in one line: where, what kind, and its message. */
export function describeThrown(error: unknown, locate: Locator): string {
  const location = locate(error);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
  const line = what.replaceAll(/\s*\n\s*/g, ' ');
  return location === undefined ? line : `${formatLocation(location)} ${line}`;
}

const looksLikePath = (text: string): boolean =>
  text.includes('/') || text.includes(path.sep) || EXTENSIONS.includes(path.extname(text));

async function loadFile(given: string, isChecked: boolean): Promise<Loaded> {
  const file = path.resolve(given);
  await checkFile(given, file);
  const errors = isChecked ? [] : await typeCheck(file);
  if (errors.length > 0) throw new UsageError(errors.join('\n'));
  const bundled = await bundle(file);
  const { module, locate } = await importBundle(bundled);
  const name = displayPath(file);
  if (!('default' in module))
    throw new UsageError(`${name}: no default export; end it with 'export default program({ … })'`);
  if (!isProgram(module.default)) {
    throw new UsageError(
      `${name}: the default export is not a program; make it with program({ … }) of eddy-os/userland`,
    );
  }
  return { program: module.default, file, locate };
}

async function checkFile(given: string, file: string): Promise<void> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) {
    const names = PROGRAMS.map((program) => program.name);
    const near = nearest(path.basename(given, path.extname(given)), names);
    throw new UsageError(
      `no such file: ${given}${near === undefined ? '' : `; the nearest listed program is '${near}'`}`,
    );
  }
  if (!info.isFile()) throw new UsageError(`not a file: ${given}`);
  if (!EXTENSIONS.includes(path.extname(file))) {
    throw new UsageError(
      `not a program: ${given}; a program is a file that ends in ${EXTENSIONS.join(', ')}`,
    );
  }
}
