/**
 * The end of bindings, exports and domains.
 *
 * Revoking comes first: `dead` is set, and no call begins any more. A binding goes when its client has given it back
 * and none of its A-stacks is taken; an export, when nobody lists it and no binding of it exists. Whoever makes
 * such a condition true last sees to it; that `destroyObject` succeeds for one only decides between several.
 *
 * When a process begins to end (`severCalls`) its bindings are revoked; threads that are called into it are disturbed, as
 * its own are, and back out at their next way to user mode; and the linkages of threads that are out are marked, so that
 * none comes back. When nobody is inside any more, `endCalls` gives up what it lists.
 *
 * *Locking:* see layout.ts.
 */
import {
  type Code,
  compareAndSwap,
  csrRead,
  fence,
  fetchAndAdd,
  fetchAndStore,
  load,
  store,
} from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { lockedTakeOut } from '../../list.ts';
import { awaitChange } from '../../locks/mailbox.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { destroyObject, destroyOwned } from '../../objects/object.ts';
import { PROCESS } from '../../processes/process.ts';
import { disturb } from '../../threads/disturb.ts';
import { THREAD } from '../../threads/thread.ts';
import { unmapStacks, untieStacks } from './e-stacks.ts';
import { unmapShared } from './a-stacks.ts';
import { holdServer, releaseServer } from './guests.ts';
import { BINDING, CHUNK, EXPORT, LINKAGE, LISTED, SEGMENT } from './layout.ts';
import { holdNextCall, isBusy, letGoOn, nextChunk, nextWithSegment } from './linkage.ts';
import { removeName } from './names.ts';
import { unmapSegmentForClient, unmapSegmentForServer } from './unmap-segment.ts';

// DOC: lrpc-sever
/** A process begins to end, or has no thread any more: its calls in and out are cut. The caller holds its lock. */
export function* lockedSeverCalls(record: number): Code {
  for (let at = yield load(record + PROCESS.exports); at !== 0; at = yield load(at + EXPORT.next)) {
    yield* acquire(at + EXPORT.lock);
    yield store(at + EXPORT.serverGone, 1);
    yield* lockedRevokeAll(at);
    yield* lockedDisturbGuests(at);
    yield* release(at + EXPORT.lock);
  }
  for (
    let binding = yield load(record + PROCESS.bindings);
    binding !== 0;
    binding = yield load(binding + BINDING.clientNext)
  )
    yield* markGone(binding);
}

/** Disturbs the threads that were called into a server and are there now. */
function* lockedDisturbGuests(exported: number): Code {
  const server = yield load(exported + EXPORT.server);
  for (
    let binding = yield load(exported + EXPORT.bindings);
    binding !== 0;
    binding = yield load(binding + BINDING.exportNext)
  ) {
    for (
      let linkage = yield* holdNextCall(binding, 0);
      linkage !== 0;
      linkage = yield* holdNextCall(binding, linkage)
    ) {
      const guest = yield load(linkage + LINKAGE.thread);
      if ((yield load(guest + THREAD.process)) === server) yield* disturb(guest);
      yield* letGoOn(linkage);
    }
  }
}

/** Revokes a binding for its client, to which no thread that is out by it comes back. */
function* markGone(binding: number): Code {
  yield store(binding + BINDING.dead, 1);
  yield fence();
  for (
    let linkage = yield* holdNextCall(binding, 0);
    linkage !== 0;
    linkage = yield* holdNextCall(binding, linkage)
  ) {
    yield store(linkage + LINKAGE.gone, 1);
    yield* letGoOn(linkage);
  }
}

function* lockedRevokeAll(exported: number): Code {
  yield store(exported + EXPORT.dead, 1);
  for (
    let binding = yield load(exported + EXPORT.bindings);
    binding !== 0;
    binding = yield load(binding + BINDING.exportNext)
  )
    yield store(binding + BINDING.dead, 1);
  yield fence();
}

/** Withdraws an export of a living server. */
export function* withdrawExport(exported: number): Code {
  yield* removeName(exported);
  yield* acquire(exported + EXPORT.lock);
  yield* lockedRevokeAll(exported);
  yield* release(exported + EXPORT.lock);
  yield* endIfUnused(exported);
}

/** Gives up all that a process lists. No thread is in it any more, its own or another's. */
export function* endCalls(record: number): Code {
  for (let at = yield load(record + PROCESS.bindings); at !== 0; at = yield load(record + PROCESS.bindings)) {
    yield* giveBack(record, at);
    yield* unlistOwn(record, at);
    yield* disposeIfUnused(at);
  }
  for (let at = yield load(record + PROCESS.exports); at !== 0; at = yield load(record + PROCESS.exports)) {
    yield* removeName(at);
    yield* acquire(record + PROCESS.lock);
    yield store(record + PROCESS.exports, yield load(at + EXPORT.next));
    yield* release(record + PROCESS.lock);
    yield* acquire(at + EXPORT.lock);
    yield store(at + EXPORT.detached, 1);
    yield* release(at + EXPORT.lock);
    yield* endIfUnused(at);
  }
}

/**
 * Makes the handle of a binding good no more; gives whether it was. The client lists it as long as it exists: a thread that
 * is out by it must not come back to a client that has ended.
 */
function* giveBack(record: number, binding: number): Code<boolean> {
  yield* acquire(record + PROCESS.lock);
  const bound = (yield load(binding + BINDING.bound)) !== 0;
  if (bound) {
    yield store(binding + BINDING.bound, 0);
    yield store(binding + BINDING.dead, 1);
  }
  yield* release(record + PROCESS.lock);
  yield fence();
  return bound;
}

/**
 * Takes a binding from its client's list, unless somebody else does. Claimed first: the client waits for who has claimed it,
 * and of one that has ended nothing is touched.
 */
function* unlist(binding: number): Code {
  const word = binding + BINDING.listed;
  if ((yield compareAndSwap(word, LISTED.yes, LISTED.leaving)) !== LISTED.yes) return;
  const record = yield load(binding + BINDING.clientRecord);
  yield* acquire(record + PROCESS.lock);
  yield* lockedTakeOut(record + PROCESS.bindings, BINDING.clientNext, binding);
  yield store(word, LISTED.no);
  yield* release(record + PROCESS.lock);
}

/** The same for the client, which ends: comes back when nobody uses its list for the binding any more. */
function* unlistOwn(record: number, binding: number): Code {
  yield* unlist(binding);
  yield* awaitChange(yield csrRead('slocal'), binding + BINDING.listed, LISTED.leaving);
  yield* acquire(record + PROCESS.lock);
  yield* release(record + PROCESS.lock);
}

// DOC: lrpc-unbind
/** Ends a binding of a living client; gives 0, or EBADF if another thread has. */
export function* unbind(binding: number): Code<number> {
  const record = yield load(binding + BINDING.clientRecord);
  if (!(yield* giveBack(record, binding))) return ERROR.EBADF;
  yield* unmapForClient(binding);
  yield* disposeIfUnused(binding);
  return 0;
}

// DOC: lrpc-dispose
/** Frees a binding that is dead, whose handle is not good any more, and none of whose A-stacks is taken. */
export function* disposeIfUnused(binding: number): Code {
  if ((yield load(binding + BINDING.dead)) === 0 || (yield load(binding + BINDING.bound)) !== 0) return;
  if (yield* isBusy(binding)) return;
  const local = yield csrRead('slocal');
  if (!(yield* destroyObject(local, yield load(binding + BINDING.ref)))) return;
  yield* unlist(binding);
  const exported = yield load(binding + BINDING.exported);
  yield* untieStacks(binding);
  if (yield* holdServer(exported)) {
    yield* unmapForServer(binding);
    yield* releaseServer(exported);
  }
  yield* leaveExport(exported, binding);
  yield* endIfUnused(exported);
  yield* destroyChunks(binding);
}

/** Lets a binding go that was held. `mapped`: memory of it may have been mapped meanwhile for the client, whose thread this is. */
export function* letBindingGo(binding: number, mapped: boolean): Code {
  yield fetchAndAdd(binding + BINDING.holds, -1);
  yield fence();
  // Another thread may have unbound meanwhile, and not seen what was added.
  if (mapped && (yield load(binding + BINDING.bound)) === 0) yield* unmapForClient(binding);
  yield* disposeIfUnused(binding);
}

function* leaveExport(exported: number, binding: number): Code {
  yield* acquire(exported + EXPORT.lock);
  let slot = exported + EXPORT.bindings;
  for (let at = yield load(slot); at !== binding; at = yield load(slot)) slot = at + BINDING.exportNext;
  yield store(slot, yield load(binding + BINDING.exportNext));
  yield* release(exported + EXPORT.lock);
  yield fetchAndAdd(exported + EXPORT.users, -1);
}

/** Unmaps the A-stacks of a binding for its client, whose thread this is. */
export function* unmapForClient(binding: number): Code {
  const client = yield load(binding + BINDING.client);
  if ((yield fetchAndStore(binding + BINDING.clientMapped, 0)) !== 0)
    yield* unmapShared(client, yield load(binding + BINDING.clientBase), yield load(binding + BINDING.bytes));
  for (let chunk = yield* nextChunk(binding, 0); chunk !== 0; chunk = yield* nextChunk(binding, chunk)) {
    if ((yield fetchAndStore(chunk + CHUNK.clientMapped, 0)) !== 0)
      yield* unmapShared(client, yield load(chunk + CHUNK.clientBase), yield load(chunk + CHUNK.bytes));
  }
  for (let at = yield* nextWithSegment(binding, 0); at !== 0; at = yield* nextWithSegment(binding, at))
    yield* unmapSegmentForClient(binding, yield load(at + LINKAGE.segment));
}

/** Unmaps them for the server, which is held. */
function* unmapForServer(binding: number): Code {
  const server = yield load(binding + BINDING.server);
  const base = yield load(binding + BINDING.serverBase);
  if (base !== 0) yield* unmapShared(server, base, yield load(binding + BINDING.bytes));
  for (let chunk = yield* nextChunk(binding, 0); chunk !== 0; chunk = yield* nextChunk(binding, chunk)) {
    const bytes = yield load(chunk + CHUNK.bytes);
    if (bytes !== 0) yield* unmapShared(server, yield load(chunk + CHUNK.serverBase), bytes);
  }
  for (let at = yield* nextWithSegment(binding, 0); at !== 0; at = yield* nextWithSegment(binding, at))
    yield* unmapSegmentForServer(binding, yield load(at + LINKAGE.segment));
}

/** Destroys the segments and chunks of a binding that is destroyed itself. */
function* destroyChunks(binding: number): Code {
  const local = yield csrRead('slocal');
  for (let at = yield* nextWithSegment(binding, 0); at !== 0; at = yield* nextWithSegment(binding, at))
    yield* destroyOwned(local, yield load((yield load(at + LINKAGE.segment)) + SEGMENT.ref));
  for (let chunk = yield* nextChunk(binding, 0); chunk !== 0; ) {
    const next = yield* nextChunk(binding, chunk);
    yield* destroyOwned(local, yield load(chunk + CHUNK.ref));
    chunk = next;
  }
}

/** Frees an export that is dead and has no bindings; of a living server it is taken from its list first. */
function* endIfUnused(exported: number): Code {
  if ((yield load(exported + EXPORT.dead)) === 0 || (yield load(exported + EXPORT.users)) !== 0) return;
  const held = yield* holdServer(exported);
  if (!held && (yield load(exported + EXPORT.detached)) === 0) return;
  const local = yield csrRead('slocal');
  const mine = yield* destroyObject(local, yield load(exported + EXPORT.ref));
  if (!held) return;
  if (mine) {
    yield* unmapStacks(exported);
    yield* unlistExport(exported);
  }
  yield* releaseServer(exported);
}

function* unlistExport(exported: number): Code {
  const record = yield load(exported + EXPORT.record);
  yield* acquire(record + PROCESS.lock);
  yield* lockedTakeOut(record + PROCESS.exports, EXPORT.next, exported);
  yield* release(record + PROCESS.lock);
}
