/** Carrying the state of an object over to a new root, when no call is inside: what differs from type to type. */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { COUNTER } from '../counters/layout.ts';
import { transferPages } from '../vm/fcm-transfer.ts';
import { type Root, ROOT } from './root.ts';

const FCM_CLASSES: ReadonlySet<number> = new Set([CLASS.fcmAnonymous, CLASS.fcmDisk, CLASS.fcmCopy]);

/**
 * Gives the representatives of `next` the state that those of `old` have together. The fixed part is there already.
 * Gives false, and leaves the old ones as they were, if there is no memory for that.
 */
export function* transferState(local: number, old: Root, next: Root): Code<boolean> {
  const primary = yield load(old.address + ROOT.primary);
  const word = yield load(primary);
  if (FCM_CLASSES.has(word)) return yield* transferPages(local, old, next);
  if (word === CLASS.counterPartitioned || word === CLASS.counterReplicated)
    yield* transferValue(local, old, next);
  return true;
}

function* transferValue(local: number, old: Root, next: Root): Code {
  const primary = yield load(old.address + ROOT.primary);
  const word = yield load(primary);
  const value =
    word === CLASS.counterReplicated ? yield load(primary + COUNTER.value) : yield* sumOfParts(local, old);
  yield store((yield load(next.address + ROOT.primary)) + COUNTER.value, value);
}

// DOC: sum-of-parts
/** What the parts of a counter are together. With calls in flight: a value that it had between begin and end. */
export function* sumOfParts(local: number, root: Root): Code<number> {
  let sum = 0;
  for (
    let cluster = yield* root.nextCluster(local, 0);
    cluster >= 0;
    cluster = yield* root.nextCluster(local, cluster + 1)
  ) {
    sum = (sum + (yield load((yield* root.repAt(local, cluster)) + COUNTER.value))) | 0;
  }
  return sum;
}
