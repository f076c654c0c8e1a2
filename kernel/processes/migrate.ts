/**
 * Migrating a process: its threads go on at another node, each on the hart with the same place there, and what they
 * use from then on is made there: representatives, page frames, blocks of the heap.
 *
 * While a region of the process is in use, it cannot be moved: a fault that is being handled has taken its frame, and
 * counts itself, where it began. A thread moves itself when it next returns to user mode (threads/move.ts), since in
 * the kernel it holds what belongs to its hart.
 */
import { type Code, fetchAndStore, load, sendInterrupt, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { missHandlerOf } from '../objects/miss-handler-table.ts';
import { Root, ROOT } from '../objects/root.ts';
import { oneNode } from '../scheduling/affinity.ts';
import { STATE, THREAD } from '../threads/thread.ts';
import { closeProcess, reopenProcess } from './in-use.ts';
import { PROCESS, PROCESS_REP } from './process.ts';
import { nextPart, partAt } from './thread-list.ts';

// DOC: migrate-process
/** Directs the threads of a process to a node; gives 0, or EBUSY. The caller holds the lock of the process table. */
export function* lockedMigrate(local: number, process: number, node: number): Code<number> {
  const root = new Root(yield* missHandlerOf(local, yield load(process + PROCESS.ref)));
  // With the lock of the root no representative is made whose count would be open.
  yield* acquire(root.address + ROOT.lock);
  const unused = yield* closeProcess(local, root);
  if (unused) yield* direct(local, process, node);
  yield* reopenProcess(local, root);
  yield* release(root.address + ROOT.lock);
  return unused ? 0 : ERROR.EBUSY;
}

function* direct(local: number, process: number, node: number): Code {
  const perNode = yield load(local + HART.hartsPerNode);
  const me = yield load(local + HART.hart);
  for (let at = yield* nextPart(local, process, 0); at >= 0; at = yield* nextPart(local, process, at + 1)) {
    const part = yield* partAt(local, process, at);
    yield* acquire(part + PROCESS_REP.threadLock);
    for (
      let thread = yield load(part + PROCESS_REP.threads);
      thread !== 0;
      thread = yield load(thread + THREAD.next)
    ) {
      const hart = yield load(thread + THREAD.hart);
      // From then on the policy, too, keeps it there.
      yield store(thread + THREAD.affinity, oneNode(node));
      yield fetchAndStore(thread + THREAD.goTo, node * perNode + (hart % perNode) + 1);
      const elsewhere = hart !== me;
      if (elsewhere && (yield load(thread + THREAD.state)) === STATE.running) yield sendInterrupt(hart);
    }
    yield* release(part + PROCESS_REP.threadLock);
  }
}
