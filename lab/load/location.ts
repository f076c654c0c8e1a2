/** Places in source files, as compilers print them. */
import path from 'node:path';

export interface Location {
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Finds the place that an exception came from. */
export type Locator = (error: unknown) => Location | undefined;

/** For programs whose source is not the user's own. */
export const noLocator: Locator = () => undefined;

/** A path as short as it can be from the current directory. */
export function displayPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

export const formatLocation = ({ file, line, column }: Location): string =>
  `${displayPath(file)}:${line}:${column}`;
