/**
 * Grants: the right of one process to map shared memory of another. A grant names who gives and who may take; the handle
 * of a grant is worth nothing to anybody else. It has a share of the FCM, so that what is granted exists as long as the
 * grant; what has been mapped by it stays mapped when it is revoked.
 *
 * *Locking:* `inUse` is a counting lock, closed by whoever revokes; the rest is fixed.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { MAP } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { closeCounted, enterCounted, leaveCounted } from '../locks/counted.ts';
import { allocate, free } from '../memory/heap.ts';
import { findByHandle, handleOf, refOfHandle } from '../objects/handle.ts';
import { destroyOwned, NO_OBJECT, prepareObject, publishObject } from '../objects/object.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { enterOwned, lastOwned, OWNED, takeOwned } from '../processes/owned.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { onLine, struct, word } from '../struct.ts';
import { destroyFcm, shareFcm } from './fcm-kinds.ts';
import { NEVER_WRITE } from './never-write.ts';
import type { Process } from './process.ts';
import { REGION } from './region-layout.ts';
import { LINK_KIND } from './region-list.ts';

export const GRANT = struct({
  class: word,
  root: word,
  handle: word,
  /** Number of the process that may take it. */
  grantee: word,
  fcm: word,
  /** Which pages of the FCM, and of MAP.READ and MAP.WRITE what may be done with them. */
  offset: word,
  pages: word,
  rights: word,

  /** Who maps it just now. */
  inUse: onLine(),
});

/** What is granted. */
export interface GrantRequest {
  readonly grantee: number;
  readonly base: number;
  readonly end: number;
  readonly rights: number;
}

const RIGHTS = MAP.READ | MAP.WRITE;

// DOC: grant-region
/** Grants pages of one shared region; gives the handle, EFAULT, EINVAL, EPERM or ENOMEM. */
export function* grantRegion(local: number, process: Process, request: GrantRequest): Code<number> {
  const entered = yield* process.lookup(request.base);
  if (entered.error !== 0) return entered.error;
  const result = yield* grant(local, process, entered.call.rep, request);
  yield* process.leaveRegion(entered);
  return result;
}

function* grant(local: number, process: Process, region: number, request: GrantRequest): Code<number> {
  const first = (request.base - (yield load(region + REGION.base))) >>> PAGE_SHIFT;
  const pages = (request.end - request.base) >>> PAGE_SHIFT;
  if (first + pages > (yield load(region + REGION.pages))) return ERROR.EFAULT;
  const flags = yield load(region + REGION.flags);
  if ((flags & MAP.SHARED) === 0) return ERROR.EINVAL;
  if ((request.rights & ~flags) !== 0) return ERROR.EPERM;
  const link = yield* allocate(local, OWNED.SIZE);
  const shape = { classWord: CLASS.grant, bytes: GRANT.SIZE, fixed: GRANT.inUse };
  const made = link === 0 ? NO_OBJECT : yield* prepareObject(local, shape);
  if (made.ref === 0) {
    if (link !== 0) yield* free(link);
    return ERROR.ENOMEM;
  }
  const handle = yield* handleOf(local, made.ref);
  yield store(made.rep + GRANT.handle, handle);
  yield store(made.rep + GRANT.grantee, request.grantee);
  yield store(made.rep + GRANT.fcm, yield* shareFcm(yield load(region + REGION.fcm)));
  yield store(made.rep + GRANT.offset, (yield load(region + REGION.offset)) + first);
  yield store(made.rep + GRANT.pages, pages);
  yield store(made.rep + GRANT.rights, request.rights);
  yield* publishObject(local, made);
  const record = yield load(process.address + PROCESS_REP.record);
  yield* enterOwned(record, PROCESS.grants, link, handle);
  return handle;
}

// DOC: attach-region
/** Maps what has been granted to a process; gives the address, EBADF, EINVAL, EPERM or ENOMEM. */
export function* attachRegion(
  local: number,
  process: Process,
  handle: number,
  address: number,
  flags: number,
): Code<number> {
  const rep = yield* findByHandle(handle, isGrant, GRANT.handle);
  if (rep === 0 || (yield load(rep + GRANT.grantee)) !== (yield load(process.address + PROCESS_REP.number)))
    return ERROR.EBADF;
  const granted = yield load(rep + GRANT.rights);
  if ((flags & RIGHTS & ~granted) !== 0) return ERROR.EPERM;
  if (!(yield* enterCounted(rep + GRANT.inUse))) return ERROR.EBADF;
  const limited = (granted & MAP.WRITE) === 0 ? NEVER_WRITE : 0;
  const result = yield* process.map(local, {
    address,
    pages: yield load(rep + GRANT.pages),
    flags: flags | MAP.SHARED | limited,
    block: 0,
    kind: LINK_KIND.mapped,
    fcm: yield load(rep + GRANT.fcm),
    offset: yield load(rep + GRANT.offset),
  });
  if (yield* leaveCounted(rep + GRANT.inUse)) yield* dissolve(local, handle, rep);
  return result;
}

const isGrant = (word: number): boolean => word === CLASS.grant;

/** Takes a grant of a process back; gives 0 or EBADF. */
export function* revokeGrant(local: number, record: number, handle: number): Code<number> {
  if (!(yield* takeOwned(record, PROCESS.grants, handle))) return ERROR.EBADF;
  const rep = yield* deref(yield* refOfHandle(local, handle));
  if (yield* closeCounted(rep + GRANT.inUse)) yield* dissolve(local, handle, rep);
  return 0;
}

/** Takes back all grants of a process whose threads have left. */
export function* revokeGrants(local: number, record: number): Code {
  const list = PROCESS.grants;
  for (let handle = yield* lastOwned(record, list); handle !== 0; handle = yield* lastOwned(record, list))
    yield* revokeGrant(local, record, handle);
}

/** Nobody maps it any more, and nobody will. */
function* dissolve(local: number, handle: number, rep: number): Code {
  const fcm: ObjRef = yield load(rep + GRANT.fcm);
  yield* destroyOwned(local, yield* refOfHandle(local, handle));
  yield* destroyFcm(local, fcm);
}
