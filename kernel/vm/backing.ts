/**
 * What is behind the pages of an FCM, by its class: a COR; or zeroes at first, and swap then.
 *
 * *Locking:* none. The caller has made the page busy or leaving, so it is nobody else's.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { localBase } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { zeroFrame } from '../memory/frame.ts';
import { deref } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { COR } from './cor.ts';
import { corOf } from './cor-file.ts';
import { FCM } from './fcm-layout.ts';
import { PAGE } from './page-descriptor.ts';
import { countPaging } from './paging.ts';
import { PAGING } from './paging-layout.ts';
import { readSlot, takeSlot, writeSlot } from './swap.ts';

/** Fills a frame of an anonymous page: from its slot of swap, or with zeroes if it has none. */
export function* fillAnonymous(frame: number, index: number, slot: number): Code<number> {
  if (slot === 0) {
    yield* step(STEP.zeroFill, index, zeroFrame(yield* localBase(), frame));
    return 0;
  }
  yield* countPaging(PAGING.swappedIn);
  return yield* readSlot(slot, frame);
}

/** Has the COR of a part of an FCM write a page. */
export function* saveToCor(part: number, frame: number, index: number): Code<number> {
  const ref = yield load(part + FCM.cor);
  return yield* step(STEP.corSave, ref, (yield* corOf(ref)).save(frame, index));
}

/** Whether the pages of an FCM of a class go to swap. */
const goesToSwap = (word: number): boolean => word === CLASS.fcmAnonymous || word === CLASS.fcmCopy;

/** Whether a server has to say where the pages of an FCM go: nobody waits for one in order to get memory. */
function* isOfFile(part: number): Code<boolean> {
  const cor = yield load(part + FCM.cor);
  return cor !== 0 && (yield load((yield* deref(cor)) + COR.class)) === CLASS.corFile;
}

/** Whether there is, at a glance, no place for a page that has been written to. */
export function* isHomeless(part: number, page: number): Code<boolean> {
  if (yield* isOfFile(part)) return true;
  if (!goesToSwap(yield load(part)) || (yield load(page + PAGE.slot)) !== 0) return false;
  return (yield load(GLOBAL + NODE_BLOCK.swapUsed)) >= (yield load(GLOBAL + NODE_BLOCK.swapSlots));
}

// DOC: put-away
/** Writes a page, if it has been written to, where it can be found again; gives 0, or ENOMEM, EIO. */
export function* putAway(part: number, page: number): Code<number> {
  if ((yield load(page + PAGE.dirty)) === 0) return 0;
  // It may have been written to since it was looked at.
  if (yield* isHomeless(part, page)) return ERROR.ENOMEM;
  const frame = yield load(page + PAGE.frame);
  const failure = goesToSwap(yield load(part))
    ? yield* swapOut(page, frame)
    : yield* saveToCor(part, frame, yield load(page + PAGE.index));
  if (failure !== 0) return failure;
  yield store(page + PAGE.dirty, 0);
  yield* countPaging(PAGING.written);
  return 0;
}

function* swapOut(page: number, frame: number): Code<number> {
  let slot = yield load(page + PAGE.slot);
  if (slot === 0) {
    slot = yield* takeSlot();
    if (slot === 0) return ERROR.ENOMEM;
    yield store(page + PAGE.slot, slot);
  }
  return yield* writeSlot(slot, frame);
}
