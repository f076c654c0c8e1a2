/**
 * A call: the client's own thread goes on in the server's domain.
 *
 * The kernel validates binding, procedure and A-stack, claims the linkage record, finds an E-stack, notes in the linkage
 * where the thread comes from, and gives it a fresh user context at the procedure's entry, in the server's address
 * space. The way back to user mode then leads into the server. Nothing that calls on other A-stacks use is written.
 *
 * *Locking:* none on the way of a call but the linkage's state; an E-stack that is not tied yet takes the export's lock.
 */
import { type Code, createContext, csrRead, fence, load, step, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { HART } from '../../hart-local.ts';
import { HartSet } from '../../memory/hart-set.ts';
import { deref } from '../../objects/translation-table.ts';
import { STEP } from '../../steps.ts';
import { THREAD } from '../../threads/thread.ts';
import { HAT } from '../../vm/hat-layout.ts';
import { countOne } from '../refused.ts';
import { callBlockOf, tieStack } from './e-stacks.ts';
import { exchangeAtCall } from './exchange.ts';
import { findBinding, findLinkage } from './find-linkage.ts';
import { BINDING, BOUND, boundAt, CALL, CHUNK, LINKAGE, linkageAt } from './layout.ts';
import { claimLinkage } from './linkage.ts';
import { disposeIfUnused } from './revoke.ts';
import { startLimit } from './start-limit.ts';
import { endLimit } from './time-limit.ts';

// DOC: lrpc-call
/** Makes a call; gives 0 when the thread is ready to go on in the server, or an error. `timeout`: cycles, or 0. */
export function* callServer(
  thread: number,
  handle: number,
  procedure: number,
  aStack: number,
  timeout: number,
): Code<number> {
  const local = yield csrRead('slocal');
  const linkage = yield* step(STEP.lrpcValidate, thread, validate(thread, handle, procedure, aStack));
  const stack = linkage < 0 ? linkage : yield* stackOf(linkage);
  const limited = stack < 0 || timeout === 0 ? stack : yield* limitCall(thread, linkage, timeout);
  const failure =
    limited < 0
      ? limited
      : yield* step(STEP.lrpcEnter, thread, enter(local, thread, linkage, procedure, stack));
  if (failure !== 0) yield* countOne();
  else if ((yield load(local + HART.caching)) !== 0) yield* exchangeAtCall(local, thread, linkage);
  return failure;
}

/** The claimed linkage for a call that may be made; or EBADF, EINVAL, EFAULT, EBUSY, ECALLFAILED. */
function* validate(thread: number, handle: number, procedure: number, aStack: number): Code<number> {
  const binding = yield* findBinding(thread, handle);
  if (binding < 0) return binding;
  const linkage = yield* findLinkage(binding, procedure, aStack);
  if (linkage < 0) return linkage;
  return (yield* claimLinkage(linkage)) ? linkage : ERROR.EBUSY;
}

/** The E-stack that is tied to a linkage, or is tied to it now; or why there is none, and the linkage is given up. */
function* stackOf(linkage: number): Code<number> {
  const stack = yield load(linkage + LINKAGE.eStack);
  if (stack !== 0) return stack;
  const made = yield* step(STEP.lrpcStack, linkage, tieStack(linkage));
  if (made < 0) yield* giveUp(linkage);
  return made;
}

function* limitCall(thread: number, linkage: number, timeout: number): Code<number> {
  const failure = yield* startLimit(thread, linkage, timeout);
  if (failure !== 0) yield* giveUp(linkage);
  return failure;
}

function* giveUp(linkage: number): Code {
  const limit = yield load(linkage + LINKAGE.limit);
  if (limit !== 0) yield store(linkage + LINKAGE.limit, 0);
  const binding = yield load(linkage + LINKAGE.binding);
  yield store(linkage + LINKAGE.state, CALL.idle);
  if (limit !== 0) yield* endLimit(limit);
  yield* disposeIfUnused(binding);
}

// DOC: lrpc-enter
function* enter(
  local: number,
  thread: number,
  linkage: number,
  procedure: number,
  stack: number,
): Code<number> {
  const binding = yield load(linkage + LINKAGE.binding);
  yield store(linkage + LINKAGE.state, CALL.held);
  // Held first, looked second: whoever revokes the binding looks the other way round.
  yield fence();
  if ((yield load(binding + BINDING.dead)) !== 0) {
    yield* giveUp(linkage);
    return ERROR.ECALLFAILED;
  }
  const chunk = yield load(linkage + LINKAGE.chunk);
  const index = (linkage - linkageAt(chunk, 0)) / LINKAGE.SIZE;
  const message = (yield load(chunk + CHUNK.serverBase)) + index * (yield load(chunk + CHUNK.stride));
  const entry = yield load(boundAt(binding, procedure) + BOUND.entry);
  yield store(linkage + LINKAGE.thread, thread);
  yield store(linkage + LINKAGE.below, yield load(thread + THREAD.linkage));
  yield store(linkage + LINKAGE.client, yield load(thread + THREAD.process));
  yield store(linkage + LINKAGE.hat, yield load(thread + THREAD.hat));
  yield store(linkage + LINKAGE.satp, yield load(thread + THREAD.satp));
  yield store(linkage + LINKAGE.context, yield load(thread + THREAD.userContext));
  yield store(linkage + LINKAGE.gone, 0);
  const hat = yield load(binding + BINDING.hat);
  yield store(thread + THREAD.linkage, linkage);
  yield store(thread + THREAD.process, yield load(binding + BINDING.server));
  yield store(thread + THREAD.hat, hat);
  yield store(thread + THREAD.satp, yield load(binding + BINDING.satp));
  yield store(thread + THREAD.userContext, yield createContext(entry, message, callBlockOf(stack)));
  // The server cannot have ended yet: its last thread sees that a call is under way.
  yield* new HartSet((yield* deref(hat)) + HAT.harts).add(yield load(local + HART.hart));
  yield store(linkage + LINKAGE.state, CALL.calling);
  return 0;
}
