/** Threads of one process. Each is started by code address and one word, and ends with one word. */
import { addressOf, type Code, load, store } from '../../hw/isa/index.ts';
import { LIMIT } from '../../kernel/abi/index.ts';
import type { Env } from './env.ts';
import { orThrow } from './system-call-error.ts';
import { threadJoin, threadSpawn } from './system-calls.ts';

/** The first procedure of a thread: its argument, and the address of its thread block (`new Env(block)`). */
export type ThreadMain = (argument: number, block: number) => Code<number | void>;

/**
 * Starts a thread.
 * @param main a procedure declared at the top level of a module
 * @param hart the hart to run on, or -1 to let the kernel choose
 * @returns the thread's number
 * @throws SystemCallError when the kernel refuses
 */
export function* spawnThread(main: ThreadMain, argument: number, hart = -1): Code<number> {
  const entry = yield addressOf(main);
  return orThrow('threadSpawn', yield* threadSpawn(entry, argument, hart));
}

/**
 * Waits for a thread to end.
 * @returns the value that it ended with
 * @throws SystemCallError when there is no such thread in this process
 */
export function* joinThread(env: Env, thread: number): Code<number> {
  const value = (yield* env.stack()) + LIMIT.CONSOLE;
  yield store(value, 0);
  orThrow('threadJoin', yield* threadJoin(thread, value));
  return yield load(value);
}
