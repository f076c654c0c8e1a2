/**
 * Changes all copies of a replicated counter, by shared memory or by calls (`kernel.objects.consistency`).
 *
 * By shared memory the caller writes every copy, and takes its line out of the cache of the hart that reads it. By calls
 * the first hart of each cluster is asked, by its mailbox and an interrupt, to change the copy of its own cluster, and
 * the caller goes on when all have answered: whoever begins to read after that reads what was added.
 *
 * *Locking:* both under the lock of the root, so no copy is made meanwhile, and none goes away: the caller is inside a
 * call of the object. A hart that waits for the lock serves its mailbox.
 */
import { type Code, load, sendInterrupt } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';
import { ADD_TO_WORD, addToWord, awaitAnswers, postRequest } from '../locks/mailbox.ts';
import { acquire, release } from '../locks/mcs.ts';
import { type Root, ROOT } from '../objects/root.ts';
import { COUNTER } from './layout.ts';

/** The ways to keep copies equal. */
export const CONSISTENCY = Object.freeze({ shared: 0, calls: 1 });

/** Adds to every copy. */
export function* addToCopies(local: number, root: Root, amount: number): Code {
  const block = yield load(local + HART.nodeBlock);
  const consistency = yield load(block + NODE_BLOCK.consistency);
  yield* acquire(root.address + ROOT.lock);
  if (consistency === CONSISTENCY.calls) yield* lockedCall(local, root, amount);
  else yield* lockedWrite(local, root, amount);
  yield* release(root.address + ROOT.lock);
}

function* lockedWrite(local: number, root: Root, amount: number): Code {
  for (
    let cluster = yield* root.nextCluster(local, 0);
    cluster >= 0;
    cluster = yield* root.nextCluster(local, cluster + 1)
  )
    yield* addToWord((yield* root.repAt(local, cluster)) + COUNTER.value, amount);
}

// DOC: call-copies
function* lockedCall(local: number, root: Root, amount: number): Code {
  const size = yield load(root.address + ROOT.size);
  const own = ((yield load(local + HART.hart)) / size) | 0;
  for (
    let cluster = yield* root.nextCluster(local, 0);
    cluster >= 0;
    cluster = yield* root.nextCluster(local, cluster + 1)
  ) {
    const value = (yield* root.repAt(local, cluster)) + COUNTER.value;
    if (cluster === own) {
      yield* addToWord(value, amount);
      continue;
    }
    const hart = cluster * size;
    yield* postRequest(local, yield* localOf(local, hart), ADD_TO_WORD, value, amount);
    yield sendInterrupt(hart);
  }
  for (
    let cluster = yield* root.nextCluster(local, 0);
    cluster >= 0;
    cluster = yield* root.nextCluster(local, cluster + 1)
  )
    if (cluster !== own) yield* awaitAnswers(local, yield* localOf(local, cluster * size));
}
