/**
 * Windows: a file as pages in the file server's own memory. A process that maps the file shares the FCM of its window, so
 * there is one copy of each page, whoever reads or writes it, and by whatever way.
 *
 * *Locking:* the window's region is entered meanwhile, which keeps its FCM.
 */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, MAP } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { LINKAGE } from '../ipc/lrpc/layout.ts';
import { PAGE_SIZE } from '../layout.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { ROOT } from '../objects/root.ts';
import { deref } from '../objects/translation-table.ts';
import { THREAD } from '../threads/thread.ts';
import { COR } from './cor.ts';
import type { Entered } from './entered.ts';
import { FCM } from './fcm-layout.ts';
import { Process } from './process.ts';
import { syncRange } from './range-pages.ts';
import { REGION } from './region-layout.ts';
import { LINK_KIND } from './region-list.ts';

const RIGHTS = MAP.READ | MAP.WRITE;

// DOC: open-window
/** Maps a file that the server knows by a key into its own memory; gives the address, or EINVAL, ENOMEM. */
export function* openWindow(thread: number, key: number, pages: number): Code<number> {
  if (key === 0 || pages <= 0 || pages > LIMIT.USER_END / LIMIT.PAGE) return ERROR.EINVAL;
  const process = new Process(yield* deref(yield load(thread + THREAD.process)));
  const flags = RIGHTS | MAP.SHARED | MAP.DISK;
  const request = { address: 0, pages, flags, block: key, kind: LINK_KIND.mapped, isFile: true };
  return yield* process.map(yield csrRead('slocal'), request);
}

/** What is wanted of a window. */
export interface ShareRequest {
  readonly window: number;
  readonly address: number;
  readonly pages: number;
  /** First page. */
  readonly offset: number;
  readonly flags: number;
}

// DOC: share-window
/** Maps pages of a window into the process whose call by LRPC the thread carries out; gives the address, or an error. */
export function* shareWindow(thread: number, wanted: ShareRequest): Code<number> {
  const { window, address, pages, offset, flags } = wanted;
  const linkage = yield load(thread + THREAD.linkage);
  if (linkage === 0) return ERROR.EOPNOTSUPP;
  if ((flags & ~(RIGHTS | MAP.FIXED)) !== 0 || (flags & RIGHTS) === 0) return ERROR.EINVAL;
  if (pages <= 0 || offset < 0) return ERROR.EINVAL;
  const local = yield csrRead('slocal');
  return yield* inWindow(thread, window, function* (region) {
    const inFile = offset + pages <= (yield load(region + REGION.pages));
    if (!inFile || (yield load(linkage + LINKAGE.gone)) !== 0) return ERROR.EINVAL;
    const client = new Process(yield* deref(yield load(linkage + LINKAGE.client)));
    const fcm = yield load(region + REGION.fcm);
    const kind = LINK_KIND.mapped;
    const request = { address, pages, flags: flags | MAP.SHARED | MAP.DISK, block: 0, kind, fcm, offset };
    return yield* client.map(local, request);
  });
}

/** Does something with the region of a window, by its address; gives a result, or EFAULT: there is none. */
function* inWindow(thread: number, address: number, what: (region: number) => Code<number>): Code<number> {
  const process = new Process(yield* deref(yield load(thread + THREAD.process)));
  const entered: Entered = yield* process.enterRegion(address, 'load');
  if (entered.error !== 0) return entered.error;
  const region = entered.call.rep;
  const result = (yield* isWindow(region, address)) ? yield* what(region) : ERROR.EFAULT;
  yield* process.leaveRegion(entered);
  return result;
}

function* isWindow(region: number, address: number): Code<boolean> {
  if ((yield load(region + REGION.base)) !== address) return false;
  const call = yield* beginCall(yield load(region + REGION.fcm));
  const cor = call.word === CLASS.fcmDisk ? yield load(call.rep + FCM.cor) : 0;
  yield* endCall(call);
  return cor !== 0 && (yield load((yield* deref(cor)) + COR.class)) === CLASS.corFile;
}

// DOC: sync-window
/** Writes back what anybody has written to the pages of a window; gives how many others have it mapped, or EIO. */
export function* syncWindow(thread: number, window: number): Code<number> {
  const process = new Process(yield* deref(yield load(thread + THREAD.process)));
  return yield* inWindow(thread, window, function* (region) {
    const pages = yield load(region + REGION.pages);
    const result = yield* syncRange(process, window, window + pages * PAGE_SIZE);
    if (result !== 0) return result;
    const call = yield* beginCall(yield load(region + REGION.fcm));
    const primary = yield load((yield load(call.rep + FCM.root)) + ROOT.primary);
    const others = yield load(primary + FCM.sharers);
    yield* endCall(call);
    return others;
  });
}
