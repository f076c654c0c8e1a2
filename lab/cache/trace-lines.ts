/**
 * The lines of a file, as bytes, one after another: a trace may be larger than the host's memory, and making a
 * text of each line would take longer than the cache.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../cli/exit.ts';

const CHUNK = 1 << 20;
const LONGEST = 4096;
const NEWLINE = 10;
const RETURN = 13;

/**
 * Calls `visit` with a buffer, and where in it a line begins and ends; gives the number of lines.
 * @param read called now and then with the bytes read so far and the size of the file (0 for a pipe)
 * @throws UsageError for a file that cannot be read, or that is no text
 */
export function eachLine(
  path: string,
  visit: (buffer: Uint8Array, start: number, end: number, number: number) => void,
  read: (done: number, total: number) => void,
): number {
  const file = openTrace(path);
  try {
    const total = fstatSync(file).size;
    const buffer = Buffer.allocUnsafe(CHUNK + LONGEST);
    let number = 0;
    let kept = 0;
    let done = 0;
    for (;;) {
      const got = readSync(file, buffer, kept, CHUNK, null);
      const end = kept + got;
      let start = 0;
      for (let at = buffer.indexOf(NEWLINE, kept); at >= 0 && at < end; at = buffer.indexOf(NEWLINE, start)) {
        visit(buffer, start, at > start && buffer[at - 1] === RETURN ? at - 1 : at, ++number);
        start = at + 1;
      }
      if (got === 0) {
        if (start < end) visit(buffer, start, end, ++number);
        return number;
      }
      kept = end - start;
      if (kept > LONGEST)
        throw new UsageError(
          `${path}:${number + 1}: a line of more than ${LONGEST} bytes is no line of a trace`,
        );
      buffer.copyWithin(0, start, end);
      done += got;
      read(done, total);
    }
  } finally {
    closeSync(file);
  }
}

function openTrace(path: string): number {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new UsageError(`--trace ${path}: ${reasonOf(error)}`);
  }
  if (!fstatSync(file).isDirectory()) return file;
  closeSync(file);
  throw new UsageError(`--trace ${path}: this is a folder; a file is wanted`);
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message;
