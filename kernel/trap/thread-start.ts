/** Where the kernel context of a new thread begins: on the way back to a user mode that it has never seen. */
import { type Code, step } from '../../hw/isa/index.ts';
import { STEP } from '../steps.ts';
import { restore, resume } from './return.ts';

/** First procedure of a thread's kernel context. */
export function* threadStart(thread: number): Code {
  yield* step(STEP.threadStart, thread, restore(thread));
  yield* resume(thread);
}
