/**
 * The name server of LRPC: which interface a name stands for. A list in the memory of node 0. A server's clerk registers
 * its interface here (`lrpcExport`), and gives with it the answer that it would give to each client that binds.
 *
 * *Locking:* `exportLock` of node 0 guards the list. What is found stays as long as the kernel is not left.
 */
import { type Code, load } from '../../../hw/isa/index.ts';
import { GLOBAL, NODE_BLOCK } from '../../layout.ts';
import { lockedPush, lockedTakeOut } from '../../list.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { EXPORT } from './layout.ts';

const LOCK = GLOBAL + NODE_BLOCK.exportLock;
const EXPORTS = GLOBAL + NODE_BLOCK.exports;

/** The export of a name that is not dead, or 0. */
export function* findName(name0: number, name1: number): Code<number> {
  yield* acquire(LOCK);
  const found = yield* lockedFind(name0, name1);
  yield* release(LOCK);
  return found;
}

function* lockedFind(name0: number, name1: number): Code<number> {
  for (let at = yield load(EXPORTS); at !== 0; at = yield load(at + EXPORT.nameNext)) {
    if ((yield load(at + EXPORT.name)) !== name0 || (yield load(at + EXPORT.name + 4)) !== name1) continue;
    if ((yield load(at + EXPORT.dead)) === 0) return at;
  }
  return 0;
}

/** Enters an export under its name; gives whether the name was free. */
export function* enterName(exported: number): Code<boolean> {
  yield* acquire(LOCK);
  const other = yield* lockedFind(yield load(exported + EXPORT.name), yield load(exported + EXPORT.name + 4));
  if (other === 0) {
    yield* lockedPush(EXPORTS, EXPORT.nameNext, exported);
  }
  yield* release(LOCK);
  return other === 0;
}

/** Takes an export from the list, if it is there. */
export function* removeName(exported: number): Code {
  yield* acquire(LOCK);
  yield* lockedTakeOut(EXPORTS, EXPORT.nameNext, exported);
  yield* release(LOCK);
}
