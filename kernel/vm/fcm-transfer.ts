/**
 * The hot swap of an FCM: every page descriptor goes from the tree of its old part into that of its new one. Nobody is
 * inside meanwhile, so no page is busy, and no lock is needed. The descriptors themselves stay where they are.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { localOf } from '../hart-local.ts';
import { type Root, ROOT } from '../objects/root.ts';
import { FCM } from './fcm-layout.ts';
import { PAGE } from './page-descriptor.ts';
import { treeOf } from './part-tree.ts';
import { treeHeight } from './page-tree.ts';

// DOC: transfer-pages
/** Enters the pages of `old` into the parts of `next`; gives false, and changes nothing, if there is no memory. */
export function* transferPages(local: number, old: Root, next: Root): Code<boolean> {
  const primary = yield* next.primary();
  const parts = yield load(next.address + ROOT.clusters);
  // Parts that are made from now on copy this.
  yield store(primary + FCM.parts, parts);
  const before = yield* old.primary();
  for (const field of [FCM.sharers, FCM.parent, FCM.heirs, FCM.heirs + 4])
    yield store(primary + field, yield load(before + field));
  yield store(primary + FCM.height, treeHeight(Math.ceil((yield load(primary + FCM.pages)) / parts)));
  const carried = yield* carryAll(local, old, next, parts);
  yield* freeTrees(local, carried ? old : next);
  if (carried) yield store(primary + FCM.mappers, yield load((yield* old.primary()) + FCM.mappers));
  return carried;
}

function* carryAll(local: number, old: Root, next: Root, parts: number): Code<boolean> {
  for (
    let from = yield* old.nextCluster(local, 0);
    from >= 0;
    from = yield* old.nextCluster(local, from + 1)
  ) {
    const rep = yield* old.repAt(local, from);
    const tree = yield* treeOf(rep);
    const oldParts = yield load(rep + FCM.parts);
    for (let page = yield* tree.lockedNext(0); page !== 0; ) {
      const index = yield load(page + PAGE.index);
      if (!(yield* carry(local, next, parts, page))) return false;
      page = yield* tree.lockedNext(((index / oldParts) | 0) + 1);
    }
  }
  return true;
}

function* carry(local: number, next: Root, parts: number, page: number): Code<boolean> {
  const index = yield load(page + PAGE.index);
  const rep = yield* next.repOfCluster(local, index % parts);
  if (rep === 0) return false;
  const home = yield* localOf(local, (index % parts) * (yield load(next.address + ROOT.size)));
  const slot = yield* (yield* treeOf(rep)).lockedMakeSlot(home, (index / parts) | 0);
  if (slot === 0) return false;
  yield store(slot, page);
  return true;
}

/** Frees the nodes of all trees, but no descriptor. */
function* freeTrees(local: number, root: Root): Code {
  for (
    let part = yield* root.nextCluster(local, 0);
    part >= 0;
    part = yield* root.nextCluster(local, part + 1)
  )
    yield* (yield* treeOf(yield* root.repAt(local, part))).lockedFree();
}
