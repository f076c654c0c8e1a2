/**
 * Segments: memory beside an A-stack, shared by the same two domains, for arguments and results that it has no room for
 * (LRPC, section 3.5: "out-of-band"). A client asks for one before it calls; it stays tied to the A-stack, as an
 * E-stack does, until a larger one takes its place, or the binding goes.
 *
 * The server learns from the kernel where the segment of a call lies, not from the client: no client can have a server
 * take other memory for it.
 *
 * *Locking:* see layout.ts: while a segment changes no call is under way on the A-stack.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { LIMIT } from '../../abi/flags.ts';
import { CLASS } from '../../classes.ts';
import { PAGE_SIZE } from '../../layout.ts';
import { prepareObject, publishObject } from '../../objects/object.ts';
import { THREAD } from '../../threads/thread.ts';
import { roundUp } from '../../struct.ts';
import { shareMemory } from './a-stacks.ts';
import { findLinkage } from './find-linkage.ts';
import { holdServer, releaseServer } from './guests.ts';
import { BINDING, CALL, LINKAGE, SEGMENT } from './layout.ts';
import { claimLinkage, holdBinding } from './linkage.ts';
import { letBindingGo } from './revoke.ts';
import { unmapSegmentForClient, unmapSegmentForServer } from './unmap-segment.ts';

// DOC: lrpc-segment
/** Ties a segment of so many bytes at least (0: none) to an A-stack; gives its address for the client (0: none), or an error. */
export function* tieSegment(
  local: number,
  binding: number,
  procedure: number,
  aStack: number,
  bytes: number,
): Code<number> {
  if (bytes < 0 || bytes > LIMIT.SEGMENT) return ERROR.EMSGSIZE;
  const linkage = yield* findLinkage(binding, procedure, aStack);
  if (linkage < 0) return linkage;
  if (!(yield* claimLinkage(linkage))) return ERROR.EBUSY;
  yield* holdBinding(binding);
  const result = yield* provide(local, binding, linkage, bytes);
  yield store(linkage + LINKAGE.state, CALL.idle);
  yield* letBindingGo(binding, true);
  return result;
}

function* provide(local: number, binding: number, linkage: number, bytes: number): Code<number> {
  const segment = yield load(linkage + LINKAGE.segment);
  if (segment !== 0 && bytes > 0 && bytes <= (yield load(segment + SEGMENT.bytes))) {
    const base = (yield load(segment + SEGMENT.client)) & -PAGE_SIZE;
    // Another thread has given the binding back meanwhile.
    return base === 0 ? ERROR.ECALLFAILED : base;
  }
  const exported = yield load(binding + BINDING.exported);
  if ((yield load(binding + BINDING.dead)) !== 0 || !(yield* holdServer(exported))) return ERROR.ECALLFAILED;
  if (segment !== 0) yield* drop(binding, segment);
  const result = bytes === 0 ? 0 : yield* map(local, binding, linkage, roundUp(bytes, PAGE_SIZE));
  yield* releaseServer(exported);
  return result;
}

function* map(local: number, binding: number, linkage: number, bytes: number): Code<number> {
  const segment = (yield load(linkage + LINKAGE.segment)) || (yield* make(local, linkage));
  if (segment === 0) return ERROR.ENOMEM;
  const { error, client, server } = yield* shareMemory(local, binding, bytes);
  if (error !== 0) return error;
  yield store(segment + SEGMENT.server, server);
  yield store(segment + SEGMENT.bytes, bytes);
  yield store(segment + SEGMENT.client, client | (bytes / PAGE_SIZE));
  return client;
}

function* make(local: number, linkage: number): Code<number> {
  const shape = { classWord: CLASS.segment, bytes: SEGMENT.SIZE, fixed: SEGMENT.bytes };
  const made = yield* prepareObject(local, shape);
  if (made.ref === 0) return 0;
  yield store(made.rep + SEGMENT.ref, made.ref);
  yield* publishObject(local, made);
  yield store(linkage + LINKAGE.segment, made.rep);
  return made.rep;
}

/** Unmaps a segment in both domains, which the caller holds. */
function* drop(binding: number, segment: number): Code {
  yield* unmapSegmentForClient(binding, segment);
  yield* unmapSegmentForServer(binding, segment);
  yield store(segment + SEGMENT.bytes, 0);
}

/** Where in its own memory a server finds so many bytes of the segment of the call that the thread is in; or EPERM, EMSGSIZE. */
export function* segmentOfCall(thread: number, bytes: number): Code<number> {
  const linkage = yield load(thread + THREAD.linkage);
  if (linkage === 0) return ERROR.EPERM;
  const segment = yield load(linkage + LINKAGE.segment);
  const room = segment === 0 ? 0 : yield load(segment + SEGMENT.bytes);
  return bytes > 0 && bytes <= room ? yield load(segment + SEGMENT.server) : ERROR.EMSGSIZE;
}
