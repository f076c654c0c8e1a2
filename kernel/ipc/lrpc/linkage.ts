/**
 * Taking hold of linkage records.
 *
 *     idle → claimed → held → calling → held → idle
 *
 * The caller goes all the way round. Whoever ends a domain holds linkages with a call under way for a moment, to mark
 * them or to look at their threads: so no thread comes back, and none ends, while it is looked at.
 */
import { type Code, compareAndSwap, fence, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { localBase } from '../../hart-local.ts';
import { awaitChange } from '../../locks/mailbox.ts';
import { BINDING, BOUND, boundAt, CALL, CHUNK, LINKAGE, linkageAt } from './layout.ts';

// DOC: lrpc-claim
/** Takes an A-stack's linkage for a call; gives whether it was free. */
export function* claimLinkage(linkage: number): Code<boolean> {
  for (;;) {
    const seen = yield compareAndSwap(linkage + LINKAGE.state, CALL.idle, CALL.claimed);
    if (seen === CALL.idle) return true;
    if (seen !== CALL.held) return false;
    yield* awaitChange(yield* localBase(), linkage + LINKAGE.state, CALL.held);
  }
}

/** Holds a linkage if a call is under way there; gives whether one is. It must be let go without blocking. */
export function* holdCall(linkage: number): Code<boolean> {
  for (;;) {
    const seen = yield compareAndSwap(linkage + LINKAGE.state, CALL.calling, CALL.held);
    if (seen === CALL.calling) return true;
    if (seen !== CALL.held) return false;
    yield* awaitChange(yield* localBase(), linkage + LINKAGE.state, CALL.held);
  }
}

/** Keeps a binding in existence that is not disposed of yet. */
export function* holdBinding(binding: number): Code {
  yield fetchAndAdd(binding + BINDING.holds, 1);
  yield fence();
}

/** Lets a call go on. */
export function* letGoOn(linkage: number): Code {
  yield store(linkage + LINKAGE.state, CALL.calling);
}

/** Holds the next linkage after one (0: the first) that has a call under way; gives it, or 0 at the end. */
export function* holdNextCall(binding: number, linkage: number): Code<number> {
  for (let next = yield* nextLinkage(binding, linkage); next !== 0; next = yield* nextLinkage(binding, next))
    if (yield* holdCall(next)) return next;
  return 0;
}

/** Whether a linkage of a binding is taken, or somebody holds it. */
export function* isBusy(binding: number): Code<boolean> {
  if ((yield load(binding + BINDING.holds)) !== 0) return true;
  for (
    let linkage = yield* nextLinkage(binding, 0);
    linkage !== 0;
    linkage = yield* nextLinkage(binding, linkage)
  )
    if ((yield load(linkage + LINKAGE.state)) !== CALL.idle) return true;
  return false;
}

/** The linkage after one, over all chunks of all procedures (0: the first); 0 at the end. */
export function* nextLinkage(binding: number, linkage: number): Code<number> {
  const chunk = linkage === 0 ? 0 : yield load(linkage + LINKAGE.chunk);
  const end = chunk === 0 ? 0 : linkageAt(chunk, yield load(chunk + CHUNK.count));
  if (linkage + LINKAGE.SIZE < end) return linkage + LINKAGE.SIZE;
  const next = yield* nextChunk(binding, chunk);
  return next === 0 ? 0 : linkageAt(next, 0);
}

/** The linkage after one (0: the first) that has a segment; 0 at the end. */
export function* nextWithSegment(binding: number, linkage: number): Code<number> {
  let next = yield* nextLinkage(binding, linkage);
  while (next !== 0 && (yield load(next + LINKAGE.segment)) === 0) next = yield* nextLinkage(binding, next);
  return next;
}

/** The chunk of A-stacks after one, over all procedures (0: the first); 0 at the end. */
export function* nextChunk(binding: number, chunk: number): Code<number> {
  if (chunk === 0) return yield* firstFrom(binding, 0);
  const next = yield load(chunk + CHUNK.next);
  return next !== 0 ? next : yield* firstFrom(binding, (yield load(chunk + CHUNK.procedure)) + 1);
}

/** The first chunk of the first procedure from one on that has any. */
function* firstFrom(binding: number, procedure: number): Code<number> {
  const count = yield load(binding + BINDING.count);
  for (let at = procedure; at < count; at += 1) {
    const bound = boundAt(binding, at);
    // Those of a procedure that has no calls are another one's.
    if ((yield load(bound + BOUND.calls)) === 0) continue;
    const chunk = yield load(bound + BOUND.chunk);
    if (chunk !== 0) return chunk;
  }
  return 0;
}
