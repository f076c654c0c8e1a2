/**
 * Which lock a message transfer takes. Each port has its own; or there is one for all (`kernel.transfer=global`), as in
 * SRC RPC, whose calls share buffers and a lock that is held for part of the transfer (Bershad et al., 1990, 4.2): then
 * it is held for the kernel's copies, too.
 *
 * *Locking:* this is it.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { PORT } from './port.ts';

/** The ways to lock transfers. */
export const TRANSFER = Object.freeze({ port: 0, global: 1 });

const TRANSFER_LOCK = GLOBAL + NODE_BLOCK.transferLock;

/** Whether one lock serves all transfers. */
export function* isGlobal(local: number): Code<boolean> {
  return (yield load((yield load(local + HART.nodeBlock)) + NODE_BLOCK.transfer)) === TRANSFER.global;
}

/** The lock of a port's transfers. */
export function* lockOf(local: number, port: number): Code<number> {
  return (yield* isGlobal(local)) ? TRANSFER_LOCK : port + PORT.lock;
}
