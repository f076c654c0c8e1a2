/**
 * The table of the name server: prefixes of paths, and whose they are. A process that has ended has none any more.
 *
 * *Locking:* one mutex guards all of it.
 */
import { type Code, load, load8, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { LINE } from '../../runtime/line.ts';
import { processIsLive } from '../../runtime/server-calls.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { copyBytes, sameBytes } from '../files/bytes.ts';
import { PREFIX_BYTES } from './protocol.ts';

const TABLE = { LOCK: 0, ENTRIES: LINE } as const;
const ENTRY = { OWNER: 0, NAME: 4, LENGTH: 12, PREFIX: LINE } as const;
const ENTRY_SIZE = ENTRY.PREFIX + PREFIX_BYTES;
const ENTRIES = 16;
const SLASH = 47;

/** Bytes of the table. */
export const NAME_TABLE_SIZE = TABLE.ENTRIES + ENTRIES * ENTRY_SIZE;

/** The name under which a server has exported its interface. */
export interface ServerName {
  readonly name0: number;
  readonly name1: number;
}

const entryAt = (table: number, index: number): number => table + TABLE.ENTRIES + index * ENTRY_SIZE;

function* withLock<T>(table: number, what: Code<T>): Code<T> {
  const lock = new FutexMutex(table + TABLE.LOCK);
  yield* lock.acquire();
  const result = yield* what;
  yield* lock.release();
  return result;
}

/** Letters of a prefix, without slashes at its end; 0 is the root; or ENAMETOOLONG, EINVAL. */
function* lengthOf(prefix: number): Code<number> {
  let length = 0;
  while (length < PREFIX_BYTES && (yield load8(prefix + length)) !== 0) length++;
  if (length === PREFIX_BYTES) return ERROR.ENAMETOOLONG;
  if (length === 0 || (yield load8(prefix)) !== SLASH) return ERROR.EINVAL;
  while (length > 0 && (yield load8(prefix + length - 1)) === SLASH) length--;
  return length;
}

/** The entry of exactly this prefix, or 0. */
function* lockedFind(table: number, prefix: number, length: number): Code<number> {
  for (let index = 0; index < ENTRIES; index++) {
    const entry = entryAt(table, index);
    if ((yield load(entry + ENTRY.OWNER)) === 0 || (yield load(entry + ENTRY.LENGTH)) !== length) continue;
    if (yield* sameBytes(entry + ENTRY.PREFIX, prefix, length)) return entry;
  }
  return 0;
}

/** Enters a prefix for a process; gives 0, or EEXIST, ENFILE, EINVAL, ENAMETOOLONG. */
export function* registerName(table: number, owner: number, prefix: number, name: ServerName): Code<number> {
  const length = yield* lengthOf(prefix);
  return length < 0 ? length : yield* withLock(table, lockedRegister(table, owner, prefix, length, name));
}

function* lockedRegister(
  table: number,
  owner: number,
  prefix: number,
  length: number,
  { name0, name1 }: ServerName,
): Code<number> {
  if ((yield* lockedFind(table, prefix, length)) !== 0) return ERROR.EEXIST;
  for (let index = 0; index < ENTRIES; index++) {
    const entry = entryAt(table, index);
    if ((yield load(entry + ENTRY.OWNER)) !== 0) continue;
    yield store(entry + ENTRY.NAME, name0);
    yield store(entry + ENTRY.NAME + 4, name1);
    yield store(entry + ENTRY.LENGTH, length);
    yield* copyBytes(entry + ENTRY.PREFIX, prefix, length);
    yield store(entry + ENTRY.OWNER, owner);
    return 0;
  }
  return ERROR.ENFILE;
}

/** Takes a prefix away that is the process's own; gives 0, or ENOENT, EPERM. */
export function* withdrawName(table: number, owner: number, prefix: number): Code<number> {
  const length = yield* lengthOf(prefix);
  return length < 0 ? length : yield* withLock(table, lockedWithdraw(table, owner, prefix, length));
}

function* lockedWithdraw(table: number, owner: number, prefix: number, length: number): Code<number> {
  const entry = yield* lockedFind(table, prefix, length);
  if (entry === 0) return ERROR.ENOENT;
  if ((yield load(entry + ENTRY.OWNER)) !== owner) return ERROR.EPERM;
  yield store(entry + ENTRY.OWNER, 0);
  return 0;
}

// DOC: resolve-name
/** The server of the longest prefix of a path, and that prefix's length; or ENOENT. */
export function* resolveName(table: number, path: number): Code<ServerName & { readonly result: number }> {
  return yield* withLock(table, lockedResolve(table, path));
}

function* lockedResolve(table: number, path: number): Code<ServerName & { readonly result: number }> {
  let best = { result: ERROR.ENOENT, name0: 0, name1: 0 };
  for (let index = 0; index < ENTRIES; index++) {
    const entry = entryAt(table, index);
    const length = yield load(entry + ENTRY.LENGTH);
    if ((yield load(entry + ENTRY.OWNER)) === 0 || length <= best.result) continue;
    if (!(yield* sameBytes(entry + ENTRY.PREFIX, path, length))) continue;
    const behind = yield load8(path + length);
    if (behind !== SLASH && behind !== 0) continue;
    best = {
      result: length,
      name0: yield load(entry + ENTRY.NAME),
      name1: yield load(entry + ENTRY.NAME + 4),
    };
  }
  return best;
}

/** Forgets what processes had registered that have ended. */
export function* forgetEnded(table: number): Code {
  yield* withLock(table, lockedForget(table));
}

function* lockedForget(table: number): Code {
  for (let index = 0; index < ENTRIES; index++) {
    const entry = entryAt(table, index);
    const owner = yield load(entry + ENTRY.OWNER);
    if (owner !== 0 && (yield* processIsLive(owner)) === 0) yield store(entry + ENTRY.OWNER, 0);
  }
}
