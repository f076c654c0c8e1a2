/**
 * Binding: a client gets a binding object for an interface, and A-stacks for each of its procedures. The clerk has given
 * its answer, the list of procedure descriptors, when it exported.
 *
 * *Locking:* see layout.ts. A binding enters the export's list while the export is alive, and its client's list when it is
 * whole: only then its handle is good.
 */
import { type Code, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { CLASS } from '../../classes.ts';
import { PAGE_SIZE } from '../../layout.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { handleOf } from '../../objects/handle.ts';
import { destroyOwned, prepareObject, publishObject } from '../../objects/object.ts';
import { PROCESS, recordOf } from '../../processes/process.ts';
import { roundUp } from '../../struct.ts';
import { THREAD } from '../../threads/thread.ts';
import { addChunk, ownBytes, shareMemory, strideOf, unmapShared } from './a-stacks.ts';
import { holdServer, releaseServer } from './guests.ts';
import { BINDING, BOUND, boundAt, CHUNK, DESCRIPTOR, descriptorAt, EXPORT, LISTED } from './layout.ts';
import { lenderOf } from './lender.ts';
import { findName } from './names.ts';
import { holdBinding } from './linkage.ts';
import { disposeIfUnused, letBindingGo, unmapForClient } from './revoke.ts';

// DOC: lrpc-bind
/** Binds the domain that the thread is in; gives the binding object, or an error. */
export function* bind(
  local: number,
  thread: number,
  name: readonly [number, number],
  capacity: number,
): Code<number> {
  const exported = yield* findName(...name);
  if (exported === 0) return ERROR.ESRCH;
  const count = yield load(exported + EXPORT.count);
  if (capacity < count) return ERROR.EMSGSIZE;
  const made = yield* prepareObject(local, {
    classWord: CLASS.binding,
    bytes: BINDING.SIZE + count * BOUND.SIZE,
    fixed: BINDING.dead,
  });
  const { ref, rep } = made;
  if (ref === 0) return ERROR.ENOMEM;
  yield* describe(local, thread, ref, rep, exported);
  yield* publishObject(local, made);
  if (!(yield* join(exported, rep))) {
    yield* destroyOwned(local, ref);
    return ERROR.ESRCH;
  }
  const failure = (yield* furnish(local, rep, exported)) || (yield* list(rep));
  if (failure === 0) return rep;
  yield store(rep + BINDING.dead, 1);
  yield* unmapForClient(rep);
  yield* disposeIfUnused(rep);
  return failure;
}

function* describe(local: number, thread: number, ref: number, binding: number, exported: number): Code {
  const client = yield load(thread + THREAD.process);
  yield store(binding + BINDING.ref, ref);
  yield store(binding + BINDING.handle, yield* handleOf(local, ref));
  yield store(binding + BINDING.client, client);
  yield store(binding + BINDING.clientRecord, yield* recordOf(client));
  yield store(binding + BINDING.exported, exported);
  yield store(binding + BINDING.server, yield load(exported + EXPORT.server));
  yield store(binding + BINDING.hat, yield load(exported + EXPORT.hat));
  yield store(binding + BINDING.satp, yield load(exported + EXPORT.satp));
  const count = yield load(exported + EXPORT.count);
  yield store(binding + BINDING.count, count);
  for (let procedure = 0; procedure < count; procedure += 1) {
    const from = descriptorAt(exported, procedure);
    const bound = boundAt(binding, procedure);
    yield store(bound + BOUND.entry, yield load(from + DESCRIPTOR.entry));
    yield store(bound + BOUND.size, yield load(from + DESCRIPTOR.size));
    yield store(bound + BOUND.calls, yield load(from + DESCRIPTOR.calls));
  }
}

/** Enters a binding into the list of its export; gives whether the export is alive. */
function* join(exported: number, binding: number): Code<boolean> {
  yield* acquire(exported + EXPORT.lock);
  const alive = (yield load(exported + EXPORT.dead)) === 0;
  if (alive) {
    yield store(binding + BINDING.exportNext, yield load(exported + EXPORT.bindings));
    yield store(exported + EXPORT.bindings, binding);
    yield fetchAndAdd(exported + EXPORT.users, 1);
  }
  yield* release(exported + EXPORT.lock);
  return alive;
}

/** Makes the A-stacks that a binding begins with; gives 0 or an error. */
function* furnish(local: number, binding: number, exported: number): Code<number> {
  if (!(yield* holdServer(exported))) return ERROR.ECALLFAILED;
  const failure = yield* furnishHeld(local, binding);
  yield* releaseServer(exported);
  return failure;
}

function* furnishHeld(local: number, binding: number): Code<number> {
  const count = yield load(binding + BINDING.count);
  const bytes = roundUp(yield* offsetOf(binding, count), PAGE_SIZE);
  const { error, client, server } = yield* shareMemory(local, binding, bytes);
  if (error !== 0) return error;
  yield store(binding + BINDING.bytes, bytes);
  yield store(binding + BINDING.clientBase, client);
  yield store(binding + BINDING.serverBase, server);
  yield store(binding + BINDING.clientMapped, 1);
  for (let procedure = 0; procedure < count; procedure += 1) {
    const offset = yield* offsetOf(binding, procedure);
    const place = { client: client + offset, server: server + offset, bytes: 0 };
    if ((yield load(boundAt(binding, procedure) + BOUND.calls)) === 0) yield* borrow(binding, procedure);
    else if (!(yield* addChunk(local, binding, procedure, place))) return ERROR.ENOMEM;
  }
  return 0;
}

/** The A-stacks of a procedure that has none of its own are another one's: those that are added, too. */
function* borrow(binding: number, procedure: number): Code {
  const lender = yield* lenderOf(boundAt(binding, 0), BOUND, procedure);
  yield store(boundAt(binding, procedure) + BOUND.chunk, yield load(boundAt(binding, lender) + BOUND.chunk));
}

/** Where the A-stacks of a procedure begin. */
function* offsetOf(binding: number, procedure: number): Code<number> {
  let offset = 0;
  for (let before = 0; before < procedure; before += 1) {
    const bound = boundAt(binding, before);
    offset += strideOf(yield load(bound + BOUND.size)) * (yield load(bound + BOUND.calls));
  }
  return offset;
}

/** Lists a binding that is whole with its client; gives 0, or ECALLFAILED if the client ends. */
function* list(binding: number): Code<number> {
  const record = yield load(binding + BINDING.clientRecord);
  yield* acquire(record + PROCESS.lock);
  const dying = (yield load(record + PROCESS.dying)) !== 0;
  if (!dying) {
    yield store(binding + BINDING.clientNext, yield load(record + PROCESS.bindings));
    yield store(record + PROCESS.bindings, binding);
    yield store(binding + BINDING.listed, LISTED.yes);
    yield store(binding + BINDING.bound, 1);
  }
  yield* release(record + PROCESS.lock);
  return dying ? ERROR.ECALLFAILED : 0;
}

// DOC: lrpc-grow
/** Adds A-stacks of a procedure to a binding; gives the address of the first of them for the client, or an error. */
export function* grow(local: number, binding: number, procedure: number): Code<number> {
  if (procedure < 0 || procedure >= (yield load(binding + BINDING.count))) return ERROR.EINVAL;
  yield* holdBinding(binding);
  const chunk = yield load(boundAt(binding, procedure) + BOUND.chunk);
  const result = yield* growHeld(local, binding, yield load(chunk + CHUNK.procedure));
  yield* letBindingGo(binding, true);
  return result;
}

function* growHeld(local: number, binding: number, procedure: number): Code<number> {
  const exported = yield load(binding + BINDING.exported);
  if ((yield load(binding + BINDING.dead)) !== 0 || !(yield* holdServer(exported))) return ERROR.ECALLFAILED;
  const bytes = yield* ownBytes(binding, procedure);
  const { error, client, server } = yield* shareMemory(local, binding, bytes);
  const added = error === 0 && (yield* addChunk(local, binding, procedure, { client, server, bytes }));
  if (error === 0 && !added) {
    yield* unmapShared(yield load(binding + BINDING.client), client, bytes);
    yield* unmapShared(yield load(binding + BINDING.server), server, bytes);
  }
  yield* releaseServer(exported);
  if (error !== 0) return error;
  return added ? client : ERROR.ENOMEM;
}
