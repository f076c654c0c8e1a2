/**
 * From what stands on the command line to a program: a listed name, or a file of the user's own.
 *
 * `eddy-os/userland` inside such a file means the very modules that this process runs.
 */
import { PROGRAMS } from '../../userland/programs/index.ts';
import { isProgram, type Program } from '../../userland/program.ts';
import { UsageError } from '../cli/exit.ts';
import { unknown } from '../cli/nearest.ts';
import { loadFile, looksLikePath, type Wanted } from './load-file.ts';
import { formatLocation, type Location, type Locator, noLocator } from './location.ts';

/** A program, and a way to find the place in the user's file that an exception came from. */
export interface Loaded {
  readonly program: Program;
  /** Absolute path of the user's file; none for a listed program. */
  readonly file: string | undefined;
  /** Where in the user's file an exception was thrown, if it was thrown there or in something called from there. */
  locate(error: unknown): Location | undefined;
}

const PROGRAM: Wanted = {
  noun: 'program',
  listed: PROGRAMS.map(({ name }) => name),
  ending: 'export default program({ … })',
};

/**
 * Loads a program.
 * @param nameOrPath a name that `eddy list programs` gives, or the path of a .ts or .js file
 * @param isChecked whether its types were checked before, which takes a while
 * @throws UsageError when there is no such program, or the file is not a program: one line, or one per type error
 */
export async function loadProgram(nameOrPath: string, isChecked = false): Promise<Loaded> {
  const listed = PROGRAMS.find((program) => program.name === nameOrPath);
  if (listed !== undefined) return { program: listed, file: undefined, locate: noLocator };
  if (!looksLikePath(nameOrPath)) throw new UsageError(unknown('program', nameOrPath, PROGRAM.listed));
  const { exported, file, name, locate } = await loadFile(nameOrPath, PROGRAM, isChecked);
  if (!isProgram(exported)) {
    throw new UsageError(
      `${name}: the default export is not a program; make it with program({ … }) of eddy-os/userland`,
    );
  }
  return { program: exported, file, locate };
}

/** An exception of the program's, in one line: where, what kind, and its message. */
export function describeThrown(error: unknown, locate: Locator): string {
  const location = locate(error);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
  const line = what.replaceAll(/\s*\n\s*/g, ' ');
  return location === undefined ? line : `${formatLocation(location)} ${line}`;
}
