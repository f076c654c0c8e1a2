/** System calls about shared memory of other processes: regionGrant, regionAttach, regionRevoke. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { MAP } from '../abi/flags.ts';
import { PAGE_SIZE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { deref } from '../objects/translation-table.ts';
import { PROCESS, PROCESS_STATE, recordOf } from '../processes/process.ts';
import { lockedLookup, TABLE_LOCK } from '../processes/process-table.ts';
import { THREAD } from '../threads/thread.ts';
import { attachRegion, grantRegion, revokeGrant } from '../vm/grant.ts';
import { Process } from '../vm/process.ts';
import { pagesIn } from './memory.ts';

const RIGHTS = MAP.READ | MAP.WRITE;

function* processOf(thread: number): Code<Process> {
  return new Process(yield* deref(yield load(thread + THREAD.process)));
}

/** regionGrant(process, address, length, rights) */
export function* regionGrant(
  thread: number,
  grantee: number,
  address: number,
  length: number,
  rights: number,
): Code<number> {
  const range = pagesIn(address, length);
  if (range === undefined || rights === 0 || (rights & ~RIGHTS) !== 0) return ERROR.EINVAL;
  yield* acquire(TABLE_LOCK);
  const record = yield* lockedLookup(grantee);
  const isLive = record !== 0 && (yield load(record + PROCESS.state)) === PROCESS_STATE.live;
  yield* release(TABLE_LOCK);
  if (!isLive) return ERROR.ESRCH;
  const request = { grantee, ...range, rights };
  return yield* grantRegion(yield csrRead('slocal'), yield* processOf(thread), request);
}

/** regionAttach(grant, address, flags) */
export function* regionAttach(thread: number, handle: number, address: number, flags: number): Code<number> {
  if ((flags & ~(RIGHTS | MAP.FIXED)) !== 0 || (flags & RIGHTS) === 0) return ERROR.EINVAL;
  if ((flags & MAP.FIXED) !== 0 && (address === 0 || address % PAGE_SIZE !== 0)) return ERROR.EINVAL;
  return yield* attachRegion(yield csrRead('slocal'), yield* processOf(thread), handle, address, flags);
}

/** regionRevoke(grant) */
export function* regionRevoke(thread: number, handle: number): Code<number> {
  const record = yield* recordOf(yield load(thread + THREAD.process));
  return yield* revokeGrant(yield csrRead('slocal'), record, handle);
}
