/**
 * The token: it goes round the harts, and when it comes back to one, all temporary references that existed when it
 * was there before have ended. (Gamsa et al., OSDI 1999; K42's COSMgrObject.)
 *
 * A hart that has the token passes it on when two of its generations have passed. Harts inside which nobody is are
 * passed over: what was withdrawn before, nobody can find there later. A hart with something in limbo is visited
 * even then, by an interrupt, since only it may touch its lists. The token moves only while something is in limbo.
 *
 * Who hands the token over stores it first and looks second whether anybody is inside there; who leaves counts
 * itself off first and looks for the token second: one of them sees the other, so it is not forgotten.
 */
import { type Code, fence, fetchAndAdd, load, sendInterrupt, step, store } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { STEP } from '../steps.ts';
import { generationsPassed, isQuiescent } from './generations.ts';
import { fetchToken, GARBAGE, hasGarbage, TOKEN } from './limbo.ts';
import { retire } from './retire.ts';

/** Does what the token asks of this hart, if it is here. Called with no spin lock held. */
export function* serveToken(local: number): Code {
  if ((yield load(local + HART.token)) !== 0) yield* step(STEP.token, local, serve(local, generationsPassed));
}

// DOC: serve-token
/** Serves the token while it is here. `passed` says whether the temporary references of a hart have ended. */
export function* serve(local: number, passed: typeof generationsPassed): Code {
  while ((yield load(local + HART.token)) !== 0) {
    if ((yield load(local + HART.tokenFresh)) !== 0) yield* arrive(local);
    if (!(yield* passed(local, yield load(local + HART.tokenSince)))) return;
    yield* passOn(local);
  }
}

/** The token has come: what was in limbo when it left is free; what has come since waits for its next visit. */
function* arrive(local: number): Code {
  const done = yield load(local + HART.limboCurrent);
  yield store(local + HART.limboCurrent, yield load(local + HART.limboWaiting));
  yield store(local + HART.limboWaiting, 0);
  yield store(local + HART.tokenSince, yield load(local + HART.generation));
  yield store(local + HART.tokenFresh, 0);
  yield* retireAll(local, done);
}

function* retireAll(local: number, first: number): Code {
  for (let item = first; item !== 0; ) {
    const next = yield* retire(local, item);
    yield fetchAndAdd(GARBAGE, -1);
    item = next;
  }
}

// DOC: pass-on
/** Gives the token to the next hart that has to see it; this one may be it. Lets it rest if none has. */
function* passOn(local: number): Code {
  const me = yield load(local + HART.hart);
  const harts = yield load(local + HART.harts);
  // What this hart withdrew has reached memory before it looks who is inside.
  yield fence();
  for (let distance = 1; distance < harts; distance += 1) {
    const hart = (me + distance) % harts;
    const target = yield* localOf(local, hart);
    const wanted = yield* hasGarbage(target);
    if (!wanted && (yield* isQuiescent(target))) continue;
    yield store(local + HART.token, 0);
    yield* handOver(target, hart);
    return;
  }
  if ((yield load(GARBAGE)) !== 0) {
    yield store(local + HART.tokenFresh, 1);
    return;
  }
  yield store(local + HART.token, 0);
  yield store(TOKEN, 0);
  yield fence();
  if ((yield load(GARBAGE)) !== 0) yield* fetchToken(local);
}

function* handOver(target: number, hart: number): Code {
  yield store(TOKEN, hart + 1);
  yield store(target + HART.tokenFresh, 1);
  yield store(target + HART.token, 1);
  yield fence();
  if (yield* isQuiescent(target)) yield sendInterrupt(hart);
}
