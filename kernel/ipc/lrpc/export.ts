/**
 * Exporting an interface: what a server's clerk does. The procedure descriptors are checked and copied once, so that calls
 * need not look at the server's memory.
 */
import { type Code, createContext, freeContext, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { LIMIT } from '../../abi/flags.ts';
import { CLASS } from '../../classes.ts';
import { copyIn } from '../../io/copy.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { handleOf } from '../../objects/handle.ts';
import { destroyOwned, prepareObject, publishObject } from '../../objects/object.ts';
import { deref } from '../../objects/translation-table.ts';
import { PROCESS, recordOf } from '../../processes/process.ts';
import { THREAD } from '../../threads/thread.ts';
import { Hat } from '../../vm/hat.ts';
import { lenderOf } from './lender.ts';
import { DESCRIPTOR, descriptorAt, EXPORT } from './layout.ts';
import { enterName, removeName } from './names.ts';
import { withdrawExport } from './revoke.ts';

/** What a clerk registers. The addresses have not been looked at. */
export interface ExportRequest {
  readonly name0: number;
  readonly name1: number;
  readonly descriptors: number;
  readonly count: number;
  readonly word: number;
}

// DOC: lrpc-export
/** Exports an interface of the domain that the thread is in; gives its handle, or an error. */
export function* exportInterface(local: number, thread: number, request: ExportRequest): Code<number> {
  const { count } = request;
  if (request.name0 === 0 || count < 1 || count > LIMIT.PROCEDURES) return ERROR.EINVAL;
  const made = yield* prepareObject(local, {
    classWord: CLASS.exported,
    bytes: EXPORT.SIZE + count * DESCRIPTOR.SIZE,
    fixed: EXPORT.nameNext,
  });
  const { ref, rep } = made;
  if (ref === 0) return ERROR.ENOMEM;
  yield* describe(local, thread, ref, rep, request);
  yield* publishObject(local, made);
  const failure = yield* register(thread, rep, request);
  if (failure === 0) return yield load(rep + EXPORT.handle);
  yield* destroyOwned(local, ref);
  return failure;
}

function* describe(
  local: number,
  thread: number,
  ref: number,
  exported: number,
  request: ExportRequest,
): Code {
  const server = yield load(thread + THREAD.process);
  const record = yield* recordOf(server);
  const hat = yield load(record + PROCESS.hat);
  yield store(exported + EXPORT.ref, ref);
  yield store(exported + EXPORT.handle, yield* handleOf(local, ref));
  yield store(exported + EXPORT.owner, yield load(record + PROCESS.number));
  yield store(exported + EXPORT.server, server);
  yield store(exported + EXPORT.record, record);
  yield store(exported + EXPORT.hat, hat);
  yield store(exported + EXPORT.satp, yield* new Hat(yield* deref(hat)).satpOf(0));
  yield store(exported + EXPORT.name, request.name0);
  yield store(exported + EXPORT.name + 4, request.name1);
  yield store(exported + EXPORT.word, request.word);
  yield store(exported + EXPORT.count, request.count);
}

/** Copies and checks the descriptors, enters the name, and lists the export; gives 0 or an error, with nothing left. */
function* register(thread: number, exported: number, request: ExportRequest): Code<number> {
  const to = descriptorAt(exported, 0);
  if ((request.descriptors & 3) !== 0) return ERROR.EFAULT;
  const bytes = request.count * DESCRIPTOR.SIZE;
  const bad =
    (yield* copyIn(thread, to, request.descriptors, bytes)) || (yield* checkAll(exported, request.count));
  if (bad !== 0) return bad;
  if (!(yield* enterName(exported))) return ERROR.EBUSY;
  const record = yield load(exported + EXPORT.record);
  yield* acquire(record + PROCESS.lock);
  const dying = (yield load(record + PROCESS.dying)) !== 0;
  if (!dying) {
    yield store(exported + EXPORT.next, yield load(record + PROCESS.exports));
    yield store(record + PROCESS.exports, exported);
  }
  yield* release(record + PROCESS.lock);
  if (dying) yield* removeName(exported);
  return dying ? ERROR.ECALLFAILED : 0;
}

function* checkAll(exported: number, count: number): Code<number> {
  for (let procedure = 0; procedure < count; procedure += 1) {
    const at = descriptorAt(exported, procedure);
    const size = yield load(at + DESCRIPTOR.size);
    const calls = yield load(at + DESCRIPTOR.calls);
    if (size < 0 || calls < 0 || calls > LIMIT.CALLS) return ERROR.EINVAL;
    if (size > LIMIT.A_STACK) return ERROR.EMSGSIZE;
    if (calls === 0 && (yield* lenderOf(descriptorAt(exported, 0), DESCRIPTOR, procedure)) < 0)
      return ERROR.EINVAL;
    // Code addresses are what a context can begin at.
    const probe = yield createContext(yield load(at + DESCRIPTOR.entry), 0, 0);
    if (probe === 0) return ERROR.EINVAL;
    yield freeContext(probe);
  }
  return 0;
}

/** Withdraws the export of a handle; gives 0 or EBADF. */
export function* withdraw(thread: number, handle: number): Code<number> {
  const record = yield* recordOf(yield load(thread + THREAD.process));
  yield* acquire(record + PROCESS.lock);
  let at = yield load(record + PROCESS.exports);
  while (at !== 0 && (yield load(at + EXPORT.handle)) !== handle) at = yield load(at + EXPORT.next);
  const mine = at !== 0 && (yield load(at + EXPORT.withdrawn)) === 0;
  if (mine) yield store(at + EXPORT.withdrawn, 1);
  yield* release(record + PROCESS.lock);
  if (!mine) return ERROR.EBADF;
  yield* withdrawExport(at);
  return 0;
}
