/**
 * The in-use count of a process: how many threads are inside one of its regions, a count on every representative. As
 * long as a descendant is in use, the process can neither be migrated nor destroyed. A migration closes the counts for
 * a moment; who comes meanwhile waits. The end of a process closes them for good.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { closeCounted, enterCounted, isClosed, leaveCounted, reopenCounted } from '../locks/counted.ts';
import { awaitChange } from '../locks/mailbox.ts';
import type { Root } from '../objects/root.ts';
import { PROCESS_REP } from './process.ts';

/** Counts the caller into the process of a representative. Whoever closes the counts opens them without blocking. */
export function* enterProcess(local: number, rep: number): Code {
  const count = rep + PROCESS_REP.inUse;
  while (!(yield* enterCounted(count))) {
    const seen = yield load(count);
    if (isClosed(seen)) yield* awaitChange(local, count, seen);
  }
}

/** Counts the caller out. */
export function* leaveProcess(rep: number): Code {
  yield* leaveCounted(rep + PROCESS_REP.inUse);
}

// DOC: close-process
/** Closes the counts of all representatives; gives whether nobody is inside. The caller sees to it that no new one is made. */
export function* closeProcess(local: number, root: Root): Code<boolean> {
  let empty = true;
  for (let at = yield* root.nextCluster(local, 0); at >= 0; at = yield* root.nextCluster(local, at + 1))
    if (!(yield* closeCounted((yield* root.repAt(local, at)) + PROCESS_REP.inUse))) empty = false;
  return empty;
}

/** Opens them again. */
export function* reopenProcess(local: number, root: Root): Code {
  for (let at = yield* root.nextCluster(local, 0); at >= 0; at = yield* root.nextCluster(local, at + 1))
    yield* reopenCounted((yield* root.repAt(local, at)) + PROCESS_REP.inUse);
}
