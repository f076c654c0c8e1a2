/** What happens to things in limbo when their time has come: a root is freed, a hot swap goes on. */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { free } from '../memory/heap.ts';
import { Mediator } from './mediator.ts';
import { releaseRef } from './miss-handler-table.ts';
import { Root, ROOT } from './root.ts';

/** Deals with one; gives the next one in its list. */
export function* retire(local: number, item: number): Code<number> {
  const next = yield load(item + ROOT.limboNext);
  if ((yield load(item + ROOT.class)) === CLASS.mediator) yield* new Mediator(item).undisturbed(local);
  else yield* freeObject(local, new Root(item));
  return next;
}

/** Gives back a root, its representatives, and all that belongs to it. */
function* freeObject(local: number, root: Root): Code {
  for (
    let cluster = yield* root.nextCluster(local, 0);
    cluster >= 0;
    cluster = yield* root.nextCluster(local, cluster + 1)
  ) {
    const rep = yield* root.repAt(local, cluster);
    // A view is chosen by the class word: whoever came too late finds none.
    yield store(rep, 0);
    yield* free(rep);
  }
  for (const part of [ROOT.record, ROOT.mediator]) {
    const block = yield load(root.address + part);
    if (block !== 0) yield* free(block);
  }
  if ((yield load(root.address + ROOT.ownsRef)) !== 0) yield* releaseRef(local, yield* root.ref());
  yield store(root.address + ROOT.class, 0);
  yield* free(root.address);
}
