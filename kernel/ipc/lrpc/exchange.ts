/**
 * Domain caching (LRPC, section 3.4): a thread that is called into a domain goes on on a hart that idles in its context,
 * if there is one, and its own hart idles in the client's context meanwhile; at the return they change places again.
 *
 * A call that finds no such hart while others idle is a miss of the domain. Misses steer idle harts: after a few of them
 * the one that has idled for longest is sent to idle in the domain. So a domain that is called often has several.
 *
 * *Locking:* none; see threads/idle.ts for how a hart is claimed.
 */
import { type Code, compareAndSwap, csrRead, fetchAndAdd, load, step, store } from '../../../hw/isa/index.ts';
import { HART, localOf } from '../../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../../layout.ts';
import { HartSet } from '../../memory/hart-set.ts';
import { deref } from '../../objects/translation-table.ts';
import { PROCESS } from '../../processes/process.ts';
import { hasAffinity } from '../../scheduling/affinity.ts';
import { policyOf } from '../../scheduling/policies.ts';
import { STEP } from '../../steps.ts';
import { NOWHERE } from '../../threads/idle.ts';
import { changePlaces } from '../../threads/move.ts';
import { THREAD } from '../../threads/thread.ts';
import { HAT } from '../../vm/hat-layout.ts';
import { BINDING, EXPORT, LINKAGE } from './layout.ts';

/** Harts that are looked at for one call. */
const LOOKS = 16;
/** Misses of a domain after which a hart is sent there. */
const PATIENCE = 4;
const NONE = -1;

// DOC: lrpc-exchange
/** A thread that has entered a server goes on on a hart that idles there, if there is one. */
export function* exchangeAtCall(local: number, thread: number, linkage: number): Code {
  yield store(linkage + LINKAGE.from, 0);
  const busy = (yield load(GLOBAL + NODE_BLOCK.idlers)) === 0;
  // Another thread would have this hart, and nobody would idle here.
  if (busy || (yield* (yield* policyOf(local)).waiting(local)) || (yield* isBound(thread))) return;
  const partner = (yield load(linkage + LINKAGE.partner)) - 1;
  const domain = yield load(thread + THREAD.satp);
  const again = partner >= 0 && (yield* claim(yield* localOf(local, partner), domain));
  const hart = again ? partner : yield* claimAny(local, thread, domain);
  if (hart === NONE) {
    yield* missed(local, thread, linkage, domain);
    return;
  }
  yield store(linkage + LINKAGE.from, (yield load(local + HART.hart)) + 1);
  yield store(linkage + LINKAGE.partner, hart + 1);
  const client = yield load(linkage + LINKAGE.satp);
  yield* step(STEP.lrpcExchange, thread, changePlaces(local, thread, hart, client));
}

/** A thread that has come back, and changed places for the call, does so again, if a hart still idles in its domain. */
export function* exchangeAtReturn(thread: number, from: number, server: number): Code {
  if (yield* isBound(thread)) return;
  const local = yield csrRead('slocal');
  const domain = yield load(thread + THREAD.satp);
  const roams = yield* hasAffinity(local, thread);
  const own = yield* claim(yield* localOf(local, from - 1), domain);
  const hart = own ? from - 1 : roams ? yield* claimAny(local, thread, domain) : NONE;
  if (hart !== NONE) yield* step(STEP.lrpcExchange, thread, changePlaces(local, thread, hart, server));
  // One that was put on its hart goes back to it in any case.
  else if (!roams) yield compareAndSwap(thread + THREAD.goTo, 0, from);
}

/** Whether a thread belongs to its hart: carries a call out there, or is a worker; or is to leave it. */
function* isBound(thread: number): Code<boolean> {
  for (const field of [THREAD.goTo, THREAD.serving, THREAD.servingMail, THREAD.workerPort])
    if ((yield load(thread + field)) !== 0) return true;
  return false;
}

/** Claims a hart that idles in the domain that the thread is in; or NONE. */
function* claimAny(local: number, thread: number, domain: number): Code<number> {
  const known = new HartSet((yield* deref(yield load(thread + THREAD.hat))) + HAT.harts);
  const harts = yield load(local + HART.harts);
  const me = yield load(local + HART.hart);
  let hart = yield* known.next(me + 1, harts);
  let wrapped = false;
  for (let looks = 0; looks < LOOKS; looks += 1) {
    if (hart < 0 && !wrapped) {
      wrapped = true;
      hart = yield* known.next(0, harts);
    }
    if (hart < 0 || (wrapped && hart >= me)) return NONE;
    const target = yield* localOf(local, hart);
    if ((yield load(target + HART.idleIn)) === domain && (yield* claim(target, domain))) return hart;
    hart = yield* known.next(hart + 1, harts);
  }
  return NONE;
}

/** Claims a hart if it idles in a domain; gives whether it did. It must be given something now. */
function* claim(target: number, domain: number): Code<boolean> {
  return (yield compareAndSwap(target + HART.idleIn, domain, 0)) === domain;
}

// DOC: lrpc-miss
/** Counts a miss of a domain; after a few of them a hart that idles elsewhere is sent there. */
function* missed(local: number, thread: number, linkage: number, domain: number): Code {
  const exported = yield load((yield load(linkage + LINKAGE.binding)) + BINDING.exported);
  const misses = yield fetchAndAdd((yield load(exported + EXPORT.record)) + PROCESS.misses, 1);
  if ((misses + 1) % PATIENCE !== 0) return;
  const hart = yield* claimRested(local, domain);
  if (hart === NONE) return;
  yield* new HartSet((yield* deref(yield load(thread + THREAD.hat))) + HAT.harts).add(hart);
  yield store((yield* localOf(local, hart)) + HART.handed, domain);
}

/** Claims the hart that has idled in another domain for longest, and for a time slice at least; or NONE. */
function* claimRested(local: number, domain: number): Code<number> {
  const harts = yield load(local + HART.harts);
  const me = yield load(local + HART.hart);
  const now = yield csrRead('time');
  let longest = yield load(local + HART.slice);
  let best = NONE;
  let its = 0;
  for (let distance = 1; distance < Math.min(harts, LOOKS); distance += 1) {
    const hart = (me + distance) % harts;
    const target = yield* localOf(local, hart);
    const idleIn = yield load(target + HART.idleIn);
    if (idleIn === 0 || idleIn === domain) continue;
    const rested =
      idleIn === NOWHERE ? Number.MAX_SAFE_INTEGER : (now - (yield load(target + HART.idleSince))) | 0;
    if (rested <= longest) continue;
    longest = rested;
    best = hart;
    its = idleIn;
  }
  if (best === NONE) return NONE;
  const claimed = (yield compareAndSwap((yield* localOf(local, best)) + HART.idleIn, its, 0)) === its;
  return claimed ? best : NONE;
}
