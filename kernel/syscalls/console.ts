/** System call consoleWrite. */
import { type Code, csrRead } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT } from '../abi/flags.ts';
import { writeBytes } from '../io/console.ts';
import { copyIn } from '../io/copy.ts';
import { allocate, free } from '../memory/heap.ts';
import { USER_BYTES } from '../memory/layout.ts';

/** consoleWrite(address, length): at most LIMIT.CONSOLE bytes, copied first so that no fault comes under the lock. */
export function* consoleWrite(thread: number, address: number, length: number): Code<number> {
  if (length < 0) return ERROR.EINVAL;
  if (length === 0) return 0;
  const bytes = Math.min(length, LIMIT.CONSOLE);
  const buffer = yield* allocate(yield csrRead('slocal'), USER_BYTES + bytes + 4);
  if (buffer === 0) return ERROR.ENOMEM;
  // Aligned alike, so that whole words can be copied.
  const start = buffer + USER_BYTES + (address & 3);
  const failure = yield* copyIn(thread, start, address, bytes);
  if (failure === 0) yield* writeBytes(start, bytes);
  yield* free(buffer);
  return failure === 0 ? bytes : failure;
}
