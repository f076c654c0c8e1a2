/**
 * The console driver. One call's bytes are never mixed with another's.
 *
 * *Locking:* `consoleLock` guards the device. It is taken last.
 */
import { CONSOLE } from '../../hw/address-map.ts';
import { type Code, load8, store } from '../../hw/isa/index.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';

const LOCK = GLOBAL + NODE_BLOCK.consoleLock;

/** Writes bytes that lie in kernel memory. */
export function* writeBytes(address: number, length: number): Code {
  yield* acquire(LOCK);
  for (let offset = 0; offset < length; offset += 1) yield store(CONSOLE.DATA, yield load8(address + offset));
  yield* release(LOCK);
}

/** Writes a text of the kernel's own (ASCII). */
export function* kernelMessage(text: string): Code {
  yield* acquire(LOCK);
  for (let index = 0; index < text.length; index += 1) yield store(CONSOLE.DATA, text.charCodeAt(index));
  yield* release(LOCK);
}
