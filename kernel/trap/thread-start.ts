/** Where the kernel context of a new thread begins: on the way back to a user mode that it has never seen. */
import { type Code, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { expireCall } from '../ipc/lrpc/expire.ts';
import { enterGeneration } from '../objects/generations.ts';
import { leave } from '../processes/end.ts';
import { STEP } from '../steps.ts';
import { beCurrent } from '../threads/switch.ts';
import { THREAD } from '../threads/thread.ts';
import { disarmTimeout } from '../threads/timers.ts';
import { complete, prepareReturn, restore, resume } from './return.ts';

/** First procedure of a thread's kernel context. */
export function* threadStart(thread: number): Code {
  yield* enterGeneration(yield* beCurrent(thread), thread + THREAD.generation);
  yield* step(STEP.threadStart, thread, restore(thread));
  yield* resume(thread);
}

/** First procedure of the kernel context of a thread that waits for the time limit of a call. */
export function* limitStart(limit: number): Code {
  const local = yield* beCurrent(limit);
  yield* enterGeneration(local, limit + THREAD.generation);
  yield* disarmTimeout(local, limit);
  yield store(limit + THREAD.waitReason, 0);
  const result = yield* step(STEP.lrpcLimit, limit, expireCall(limit));
  if (result === 0) yield* leave(limit);
  yield* step(STEP.threadStart, limit, prepareReturn(limit));
  yield* complete(limit, result);
}

/** First procedure of the kernel context of a thread that goes on for another one, whose call is given up. */
export function* replacementStart(thread: number): Code {
  yield* enterGeneration(yield* beCurrent(thread), thread + THREAD.generation);
  yield* step(STEP.threadStart, thread, prepareReturn(thread));
  yield* complete(thread, ERROR.ECALLABORTED);
}
