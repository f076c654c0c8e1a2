/**
 * The design of one cache: its geometry, and what it does with writes. Replacement is always of the least
 * recently used line. What cannot be built is refused, with the option that is at fault.
 */
import { UsageError } from '../cli/exit.ts';
import { bytes } from '../view/text.ts';

export interface CacheDesign {
  /** Bytes. */
  readonly size: number;
  readonly ways: number;
  /** Bytes per line. */
  readonly line: number;
  /** Whether a written line stays dirty in the cache until it leaves (true), or goes to memory at once. */
  readonly writeBack: boolean;
  /** Whether a write that misses brings its line in. */
  readonly writeAllocate: boolean;
}

const LEAST_LINE = 4;
const MOST_LINE = 4096;
const MOST_SIZE = 1 << 28;

/** Sets of a cache. */
export const setsOf = ({ size, ways, line }: CacheDesign): number => size / line / ways;

/** @throws UsageError naming the option that is wrong and what is allowed */
export function checkDesign(design: CacheDesign): void {
  const { size, ways, line } = design;
  if (!isPowerOfTwo(line) || line < LEAST_LINE || line > MOST_LINE)
    throw new UsageError(`--line ${line}: a line is a power of two from ${LEAST_LINE} to ${MOST_LINE} bytes`);
  if (size < line || size % line !== 0 || size > MOST_SIZE)
    throw new UsageError(
      `--size ${size}: the size is a multiple of the line (${line} bytes), up to ${bytes(MOST_SIZE)}`,
    );
  const lines = size / line;
  if (ways > lines)
    throw new UsageError(`--ways ${ways}: ${bytes(size)} in lines of ${line} make ${lines} ways at most`);
  if (!isPowerOfTwo(setsOf(design)))
    throw new UsageError(
      `--ways ${ways}: ${lines} lines do not make a power of two of sets of ${ways}; the nearest is ${nearestWays(lines, ways)}`,
    );
}

const isPowerOfTwo = (value: number): boolean =>
  Number.isInteger(value) && Number.isInteger(Math.log2(value));

/** Ways that so many lines can be divided into: lines halved as often as it goes. */
function nearestWays(lines: number, wanted: number): number {
  let best = lines;
  for (let ways = lines; Number.isInteger(ways); ways /= 2)
    if (Math.abs(ways - wanted) < Math.abs(best - wanted)) best = ways;
  return best;
}
