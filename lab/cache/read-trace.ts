/** Reads an address trace of either format; the first line that says something decides which it is. */
import { UsageError } from '../cli/exit.ts';
import { TRACE_FORMATS, type TraceFormat, type Visit } from './formats.ts';
import { Damage, LineScanner } from './line-scanner.ts';
import { eachLine } from './trace-lines.ts';

/** Valgrind's own lines begin `==pid==`, `--pid--` or `**pid**`. */
const VALGRIND = new Set(Buffer.from('=-*'));

/**
 * Calls `visit` for each access of a trace.
 * @param read called now and then with the bytes read so far and in all
 * @throws UsageError naming file, line and reason
 */
export function readTrace(
  path: string,
  visit: Visit,
  read: (done: number, total: number) => void = () => undefined,
): void {
  const line = new LineScanner();
  let format: TraceFormat | undefined;
  const readLine = (buffer: Uint8Array, start: number, end: number, number: number): void => {
    line.begin(buffer, start, end);
    line.skipSpaces();
    if (line.atEnd || (VALGRIND.has(line.peek()) && line.isDoubled)) return;
    try {
      format ??= formatOf(line);
      format.read(line, visit);
    } catch (error) {
      if (error instanceof Damage) throw new UsageError(`${path}:${number}: ${error.message}`);
      throw error;
    }
  };
  eachLine(path, readLine, read);
  if (format === undefined) throw new UsageError(`${path}: there is no access in this file`);
}

function formatOf(line: LineScanner): TraceFormat {
  const format = TRACE_FORMATS.find(({ begins }) => begins(line.peek()));
  if (format !== undefined) return format;
  throw new Damage(`'${line.rest()}' is neither din ('0 1f00') nor lackey (' L 1f00,4')`);
}
