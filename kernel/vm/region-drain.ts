/**
 * Draining a region: nobody may enter any more, and whoever is inside is waited for.
 *
 * *Locking:* representatives are stopped under the lock of the root, so that one that is made later is not open; `lock`
 * of a representative guards those who wait for its harts.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { closeCounted, insideOf } from '../locks/counted.ts';
import { acquire, release } from '../locks/mcs.ts';
import { Root, ROOT } from '../objects/root.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, WAIT } from '../threads/thread.ts';
import { REGION } from './region-layout.ts';

// DOC: region-stop
/** Lets nobody enter the region of a representative any more, and waits until nobody is inside. */
export function* drainRegion(local: number, region: number): Code {
  const root = new Root(yield load(region + REGION.root));
  const lock = root.address + ROOT.lock;
  yield* acquire(lock);
  for (
    let cluster = yield* root.nextCluster(local, 0);
    cluster >= 0;
    cluster = yield* root.nextCluster(local, cluster + 1)
  ) {
    const rep = yield* root.repAt(local, cluster);
    yield store(rep + REGION.stopped, 1);
    yield* closeCounted(rep + REGION.inUse);
  }
  yield* release(lock);
  for (
    let cluster = yield* root.nextCluster(local, 0);
    cluster >= 0;
    cluster = yield* root.nextCluster(local, cluster + 1)
  ) {
    yield* drainRep(yield* root.repAt(local, cluster));
  }
}

/** Waits until nobody is inside on the harts of a representative. */
function* drainRep(rep: number): Code {
  for (;;) {
    yield* acquire(rep + REGION.lock);
    if (insideOf(yield load(rep + REGION.inUse)) === 0) break;
    const thread = yield* currentThread();
    const base = yield load(rep + REGION.base);
    yield* lockedPrepareWait(thread, rep + REGION.drainers, WAIT.region, base);
    yield* release(rep + REGION.lock);
    yield* wait(thread, 0);
  }
  yield* release(rep + REGION.lock);
}
