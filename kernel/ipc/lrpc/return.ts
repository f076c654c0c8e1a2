/**
 * The way back from a call. A return is not validated: that the thread came by the linkage is its right. A domain that has
 * ended meanwhile is passed over: the thread goes on with ECALLFAILED in the next one that exists.
 *
 * *Locking:* the linkage is held while the thread goes from one domain to the other.
 */
import { type Code, csrRead, fence, freeContext, load, step, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { HART } from '../../hart-local.ts';
import { HartSet } from '../../memory/hart-set.ts';
import { deref } from '../../objects/translation-table.ts';
import { leave } from '../../processes/end.ts';
import { PROCESS, recordOf } from '../../processes/process.ts';
import { STEP } from '../../steps.ts';
import { THREAD } from '../../threads/thread.ts';
import { HAT } from '../../vm/hat-layout.ts';
import { exchangeAtReturn } from './exchange.ts';
import { haveLeft } from './guests.ts';
import { BINDING, CALL, LINKAGE } from './layout.ts';
import { holdCall } from './linkage.ts';
import { disposeIfUnused } from './revoke.ts';
import { endLimit } from './time-limit.ts';

// DOC: lrpc-return
/** Ends the innermost call of a thread; gives the call's result in the domain in which it goes on, or EPERM: it is in none. */
export function* returnFromCall(thread: number): Code<number> {
  if ((yield load(thread + THREAD.linkage)) === 0) return ERROR.EPERM;
  if (yield* step(STEP.lrpcReturn, thread, popLinkage(thread))) return 0;
  yield* backOut(thread);
  return ERROR.ECALLFAILED;
}

// DOC: lrpc-back-out
/** Takes a thread out of calls until it is in a domain that exists. If there is none, it ends. */
export function* backOut(thread: number): Code {
  do {
    if ((yield load(thread + THREAD.linkage)) === 0) {
      yield* goHome(thread);
      yield* leave(thread);
    }
  } while (!(yield* step(STEP.lrpcReturn, thread, popLinkage(thread))));
}

/** Takes a thread out of the innermost call; gives whether the domain that it came from still wants it. */
function* popLinkage(thread: number): Code<boolean> {
  const linkage = yield load(thread + THREAD.linkage);
  const binding = yield load(linkage + LINKAGE.binding);
  yield* holdCall(linkage);
  yield freeContext(yield load(thread + THREAD.userContext));
  const gone = (yield load(linkage + LINKAGE.gone)) !== 0;
  const limit = yield load(linkage + LINKAGE.limit);
  if (limit !== 0) yield store(linkage + LINKAGE.limit, 0);
  const from = yield load(linkage + LINKAGE.from);
  const server = from === 0 ? 0 : yield load(thread + THREAD.satp);
  yield store(thread + THREAD.linkage, yield load(linkage + LINKAGE.below));
  yield store(thread + THREAD.userContext, yield load(linkage + LINKAGE.context));
  yield* gone ? goHome(thread) : goBack(thread, linkage);
  yield store(linkage + LINKAGE.thread, 0);
  yield store(linkage + LINKAGE.lastUse, yield csrRead('time'));
  yield store(linkage + LINKAGE.state, CALL.idle);
  // Left first, looked second: the end of a server revokes its bindings before it looks for guests.
  yield fence();
  if (limit !== 0) yield* endLimit(limit);
  if ((yield load(binding + BINDING.dead)) !== 0) {
    yield* haveLeft(yield load(binding + BINDING.exported));
    yield* disposeIfUnused(binding);
  }
  if (from !== 0 && !gone) yield* exchangeAtReturn(thread, from, server);
  return !gone;
}

function* goBack(thread: number, linkage: number): Code {
  const hat = yield load(linkage + LINKAGE.hat);
  yield store(thread + THREAD.process, yield load(linkage + LINKAGE.client));
  yield store(thread + THREAD.hat, hat);
  yield store(thread + THREAD.satp, yield load(linkage + LINKAGE.satp));
  // It may have come to another hart in the call.
  const hart = yield load((yield csrRead('slocal')) + HART.hart);
  yield* new HartSet((yield* deref(hat)) + HAT.harts).add(hart);
}

/** For a thread on its way out of domains that have ended: something must keep its place as long as the kernel is busy. */
function* goHome(thread: number): Code {
  const home = yield load(thread + THREAD.home);
  yield store(thread + THREAD.process, home);
  yield store(thread + THREAD.hat, yield load((yield* recordOf(home)) + PROCESS.hat));
}
