/**
 * A host watchdog. Emulated time stops while a program computes between two instructions, so a loop that
 * never yields would hang the emulator; only the host's clock can end it.
 *
 * node:vm terminates whatever runs below the script when its time is over, procedures of this realm included.
 * Arming it costs about a tenth of a millisecond, so it is armed once for many instructions.
 */
import { Script } from 'node:vm';

const SLOT = '__eddyWatched';
const script = new Script(`globalThis.${SLOT}()`);

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** Calls `work`, and gives its result, or undefined if it took longer than so many seconds and was cut off. */
export function watched<T extends object>(seconds: number, work: () => T): T | undefined {
  Object.defineProperty(globalThis, SLOT, { value: work, configurable: true });
  try {
    return script.runInThisContext({ timeout: Math.max(1, Math.round(seconds * 1000)) }) as T;
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  } finally {
    Reflect.deleteProperty(globalThis, SLOT);
  }
}
