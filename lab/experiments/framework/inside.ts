/** What a kernel procedure that is measured by itself needs of a system call: temporary references. */
import type { Code } from '../../../hw/isa/index.ts';
import { allocateLocal } from '../../../kernel/memory/heap.ts';
import { enterGeneration, leaveGeneration } from '../../../kernel/objects/generations.ts';
import { serveToken } from '../../../kernel/objects/token.ts';

/** A word in which code without a thread remembers its generation. */
export function* generationSlot(): Code<number> {
  return yield* allocateLocal(4);
}

/** Does something inside the kernel, with temporary references, as a system call does. */
export function* inside<T>(local: number, slot: number, body: Code<T>): Code<T> {
  yield* enterGeneration(local, slot);
  const result = yield* body;
  yield* leaveGeneration(local, slot);
  yield* serveToken(local);
  return result;
}
