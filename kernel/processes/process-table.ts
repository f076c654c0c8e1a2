/**
 * The process table: which processes exist. One, on node 0.
 *
 * A process number's low 9 bits are its slot, and its address-space number (ASID); numbers rise, so that a
 * slot is used again as late as possible. Slot 0 is the kernel's.
 *
 * *Locking:* `lock` guards all of it, and state, parent and children of every process. It is taken before
 * any process's own lock.
 */
import { type Code, load, panic, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PROCESS_TABLE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { missHandlerOf, type ObjRef } from '../objects/miss-handler-table.ts';
import { destroyOwned } from '../objects/object.ts';
import { Root } from '../objects/root.ts';
import { PANIC } from '../panics.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { onLine, struct, word, words } from '../struct.ts';
import { closeProcess } from './in-use.ts';
import { PROCESS } from './process.ts';

/** Slots, of which slot 0 is never used. */
export const PROCESS_SLOTS = 512;

export const TABLE = struct({
  lock: word,
  /** Slots in use. */
  count: word,
  /** Where the search for the next process number begins. */
  next: word,
  /** Set when the first process has ended: no new ones, and when the last is gone, power-off.ts. */
  shutdown: word,
  status: word,
  /** Servers among them. */
  servers: word,
  /** Processes that have ended so far. */
  ended: word,
  /** Threads that wait until another process has ended (processes/ends.ts). */
  watchers: words(2),
  slots: onLine(words(PROCESS_SLOTS)),
});

/** Lock of the table. */
export const TABLE_LOCK = PROCESS_TABLE + TABLE.lock;

const slotOf = (number: number): number => PROCESS_TABLE + TABLE.slots + 4 * (number & (PROCESS_SLOTS - 1));

/** The record of the process of a number, or 0. */
export function* lockedLookup(number: number): Code<number> {
  if (number <= 0) return 0;
  const process = yield load(slotOf(number));
  return process !== 0 && (yield load(process + PROCESS.number)) === number ? process : 0;
}

/** The process in the first used slot from `slot` on, or 0. */
export function* lockedNext(slot: number): Code<number> {
  for (let at = slot; at < PROCESS_SLOTS; at += 1) {
    const process = yield load(slotOf(at));
    if (process !== 0) return process;
  }
  return 0;
}

/** Enters a process under a new number, as a child of `parent` (0: none); gives the number, or EAGAIN. */
export function* enter(process: number, parent: number): Code<number> {
  yield* acquire(TABLE_LOCK);
  const number = yield* lockedNumber();
  if (number > 0) {
    yield store(process + PROCESS.number, number);
    yield store(process + PROCESS.parent, parent);
    yield store(slotOf(number), process);
    yield store(PROCESS_TABLE + TABLE.count, (yield load(PROCESS_TABLE + TABLE.count)) + 1);
    yield* lockedCountServer(process, 1);
    if (parent !== 0) yield store(parent + PROCESS.childCount, (yield load(parent + PROCESS.childCount)) + 1);
  }
  yield* release(TABLE_LOCK);
  return number;
}

function* lockedCountServer(process: number, by: number): Code {
  if ((yield load(process + PROCESS.system)) === 0) return;
  yield store(PROCESS_TABLE + TABLE.servers, (yield load(PROCESS_TABLE + TABLE.servers)) + by);
}

function* lockedNumber(): Code<number> {
  if ((yield load(PROCESS_TABLE + TABLE.shutdown)) !== 0) return ERROR.EAGAIN;
  const first = yield load(PROCESS_TABLE + TABLE.next);
  for (let number = first; number < first + PROCESS_SLOTS; number += 1) {
    if ((number & (PROCESS_SLOTS - 1)) === 0 || (yield load(slotOf(number))) !== 0) continue;
    yield store(PROCESS_TABLE + TABLE.next, number + 1);
    return number;
  }
  return ERROR.EAGAIN;
}

/** Takes a process out and destroys its object; its memory and threads must be gone. */
export function* lockedRetire(local: number, process: number): Code {
  const parent = yield load(process + PROCESS.parent);
  if (parent !== 0) yield store(parent + PROCESS.childCount, (yield load(parent + PROCESS.childCount)) - 1);
  yield store(slotOf(yield load(process + PROCESS.number)), 0);
  yield* lockedCountServer(process, -1);
  yield* destroyUnused(local, yield load(process + PROCESS.ref));
  yield store(PROCESS_TABLE + TABLE.count, (yield load(PROCESS_TABLE + TABLE.count)) - 1);
  if (yield* lockedOnlyServers()) yield* lockedWakeAll(new WaitQueue(PROCESS_TABLE + TABLE.watchers), 0);
}

/** Whether the machine is to be switched off, and no process is left but servers. */
export function* lockedOnlyServers(): Code<boolean> {
  if ((yield load(PROCESS_TABLE + TABLE.shutdown)) === 0) return false;
  return (yield load(PROCESS_TABLE + TABLE.count)) === (yield load(PROCESS_TABLE + TABLE.servers));
}

/** Destroys the object of a process, of which no region may be in use: none on any hart counts it. */
function* destroyUnused(local: number, ref: ObjRef): Code {
  const root = new Root(yield* missHandlerOf(local, ref));
  if (!(yield* closeProcess(local, root))) yield panic(PANIC.inUse);
  yield* destroyOwned(local, ref);
}
