/**
 * The barrier: a fixed number of members, each with a number, that wait until all have arrived.
 *
 * Its representatives are the leaves of a combining tree: a member arrives at the leaf of its group, and the last one of
 * a leaf tells the top (the first representative). With as many members as harts, each started on its own, a member's
 * leaf is near it. All who wait, wait at their leaf.
 *
 * The generation of the top says which episode it is; it goes on when all leaves are full. Leaves are told afterwards,
 * by the last member, or by whoever comes back before that has got round.
 *
 * A member that arrives twice in an episode, and one that there is not, get an error: there cannot be more arrivals
 * than members. After a time-out or a kill a member's arrival is taken back, unless the episode has ended.
 *
 * *Locking:* `lock` guards a leaf; `topLock` guards top…, and is taken before that of a leaf. `topGeneration` is also read
 * under the lock of a leaf: it does not go on while the leaf is not full.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { discardObject, type Made, NO_OBJECT } from '../objects/object.ts';
import { Root, ROOT } from '../objects/root.ts';
import { wait } from '../threads/block.ts';
import { WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { BARRIER } from './layout.ts';
import { createSync } from './owned-sync.ts';
import { lockedEnqueue } from './waiting.ts';

/** Where a member of a barrier arrives. */
interface Place {
  readonly home: number;
  readonly leaf: number;
  /** How many arrive there. */
  readonly expected: number;
  /** Its word in `arrived`, and its bit there. */
  readonly word: number;
  readonly bit: number;
}

/** Makes a barrier with all its leaves; a reference of 0 if there is no memory. */
export function* createBarrier(thread: number, members: number, degree: number): Code<Made> {
  const local = yield csrRead('slocal');
  const made = yield* createSync(thread, { classWord: CLASS.barrier, bytes: BARRIER.SIZE, degree });
  if (made.ref === 0) return made;
  const root = new Root(made.root);
  const size = yield load(root.address + ROOT.size);
  const leaves = Math.min(yield load(root.address + ROOT.clusters), Math.ceil(members / size));
  yield store(made.rep + BARRIER.members, members);
  yield store(made.rep + BARRIER.leaves, leaves);
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    if ((yield* root.repOfCluster(local, leaf)) !== 0) continue;
    yield* discardObject(local, made);
    return NO_OBJECT;
  }
  return made;
}

/** The leaf of a member: as many members as harts of a cluster arrive at each, in turn. */
function* placeOf(rep: number, member: number): Code<Place> {
  const local = yield csrRead('slocal');
  const root = new Root(yield load(rep + BARRIER.root));
  const size = yield load(root.address + ROOT.size);
  const around = size * (yield load(root.address + ROOT.clusters));
  const members = yield load(rep + BARRIER.members);
  const leaf = ((member % around) / size) | 0;
  const rest = Math.min(size, Math.max(0, (members % around) - leaf * size));
  const index = ((member / around) | 0) * size + (member % size);
  return {
    home: yield load(rep + BARRIER.home),
    leaf: yield* root.repAt(local, leaf),
    expected: ((members / around) | 0) * size + rest,
    word: BARRIER.arrived + 4 * (index >>> 5),
    bit: 1 << (index & 31),
  };
}

// DOC: barrier-arrive
/** A member arrives, and waits until all have; gives 0 or an error. */
export function* waitBarrier(thread: number, rep: number, member: number, timeout: number): Code<number> {
  if (member < 0 || member >= (yield load(rep + BARRIER.members))) return ERROR.EINVAL;
  const place = yield* placeOf(rep, member);
  const { home, leaf, expected } = place;
  if (!(yield* acquireLiving(home, leaf))) return ERROR.EBADF;
  const generation = yield load(home + BARRIER.topGeneration);
  if ((yield load(leaf + BARRIER.generation)) !== generation) yield* lockedRenew(leaf, generation);
  const arrived = yield load(leaf + place.word);
  const isTwice = (arrived & place.bit) !== 0;
  const count = (yield load(leaf + BARRIER.count)) + 1;
  if (!isTwice) {
    yield store(leaf + place.word, arrived | place.bit);
    yield store(leaf + BARRIER.count, count);
  }
  if (isTwice || count === expected) yield* release(leaf + BARRIER.lock);
  if (isTwice) return ERROR.EBUSY;
  if (count === expected) {
    if (yield* tellTop(home, leaf, expected, generation)) {
      yield* tellLeaves(home);
      return 0;
    }
    yield* acquire(leaf + BARRIER.lock);
  }
  return yield* lockedAwait(thread, place, generation, timeout);
}

/** Takes the lock of a leaf; gives false, and does not, if the barrier is destroyed. */
function* acquireLiving(home: number, leaf: number): Code<boolean> {
  for (;;) {
    yield* acquire(leaf + BARRIER.lock);
    if ((yield load(leaf + BARRIER.dead)) === 0) return true;
    yield* release(leaf + BARRIER.lock);
    // Somebody looks whether it can be destroyed, and may find that it cannot.
    yield* acquire(home + BARRIER.topLock);
    const dead = yield load(home + BARRIER.topDead);
    yield* release(home + BARRIER.topLock);
    if (dead !== 0) return false;
  }
}

/** Waits at the leaf, whose lock the caller holds, for the end of an episode. */
function* lockedAwait(thread: number, place: Place, generation: number, timeout: number): Code<number> {
  const { home, leaf } = place;
  const isOver = (yield load(home + BARRIER.topGeneration)) !== generation;
  if (!isOver && timeout >= 0) yield* lockedEnqueue(thread, leaf, WAIT.barrier, timeout);
  yield* release(leaf + BARRIER.lock);
  if (isOver) return 0;
  const result = timeout < 0 ? ERROR.ETIMEDOUT : yield* wait(thread, leaf + BARRIER.lock);
  return result !== 0 && (yield* takeBack(place, generation)) ? result : 0;
}

// DOC: barrier-tell-top
/** A leaf is full: counts it at the top, unless a member has gone again; gives whether all are there with it. */
function* tellTop(home: number, leaf: number, expected: number, generation: number): Code<boolean> {
  yield* acquire(home + BARRIER.topLock);
  yield* acquire(leaf + BARRIER.lock);
  const stands =
    (yield load(leaf + BARRIER.generation)) === generation &&
    (yield load(leaf + BARRIER.count)) === expected &&
    (yield load(leaf + BARRIER.posted)) === 0;
  let all = false;
  if (stands) {
    yield store(leaf + BARRIER.posted, 1);
    const count = (yield load(home + BARRIER.topCount)) + 1;
    all = count === (yield load(home + BARRIER.leaves));
    yield store(home + BARRIER.topCount, all ? 0 : count);
    if (all) yield store(home + BARRIER.topGeneration, (generation + 1) | 0);
  }
  yield* release(leaf + BARRIER.lock);
  yield* release(home + BARRIER.topLock);
  return all;
}

/** Ends the episode at every leaf that has not heard of it. */
function* tellLeaves(home: number): Code {
  const local = yield csrRead('slocal');
  const root = new Root(yield load(home + BARRIER.root));
  const leaves = yield load(home + BARRIER.leaves);
  for (let index = 0; index < leaves; index += 1) {
    const leaf = yield* root.repAt(local, index);
    yield* acquire(leaf + BARRIER.lock);
    const generation = yield load(home + BARRIER.topGeneration);
    if ((yield load(leaf + BARRIER.generation)) !== generation) yield* lockedRenew(leaf, generation);
    yield* release(leaf + BARRIER.lock);
  }
}

// DOC: barrier-renew
/** The episode of a leaf has ended: everybody goes on, and nobody has arrived for the next one. */
export function* lockedRenew(leaf: number, generation: number): Code {
  yield store(leaf + BARRIER.generation, generation);
  yield store(leaf + BARRIER.count, 0);
  yield store(leaf + BARRIER.posted, 0);
  const words = Math.ceil((yield load(leaf + BARRIER.members)) / 32);
  for (let index = 0; index < words; index += 1) yield store(leaf + BARRIER.arrived + 4 * index, 0);
  yield* lockedWakeAll(new WaitQueue(leaf + BARRIER.queue), 0);
}

// DOC: barrier-take-back
/** Takes a member's arrival back; gives false if the episode has ended, and the member has passed. */
function* takeBack({ home, leaf, word, bit }: Place, generation: number): Code<boolean> {
  yield* acquire(home + BARRIER.topLock);
  yield* acquire(leaf + BARRIER.lock);
  const stands = (yield load(home + BARRIER.topGeneration)) === generation;
  if (stands) {
    yield store(leaf + word, (yield load(leaf + word)) & ~bit);
    yield store(leaf + BARRIER.count, (yield load(leaf + BARRIER.count)) - 1);
    const posted = yield load(leaf + BARRIER.posted);
    yield store(leaf + BARRIER.posted, 0);
    yield store(home + BARRIER.topCount, (yield load(home + BARRIER.topCount)) - posted);
  }
  yield* release(leaf + BARRIER.lock);
  yield* release(home + BARRIER.topLock);
  return stands;
}

/** Makes a barrier dead at which nobody is; gives 0, EBUSY or EBADF. */
export function* killBarrier(home: number): Code<number> {
  yield* acquire(home + BARRIER.topLock);
  let result = (yield load(home + BARRIER.topDead)) !== 0 ? ERROR.EBADF : 0;
  if (result === 0 && (yield* isInUse(home))) {
    yield* setDead(home, 0);
    result = ERROR.EBUSY;
  }
  if (result === 0) yield store(home + BARRIER.topDead, 1);
  yield* release(home + BARRIER.topLock);
  return result;
}

/** Keeps newcomers out of all leaves; gives whether somebody is inside. */
function* isInUse(home: number): Code<boolean> {
  yield* setDead(home, 1);
  const local = yield csrRead('slocal');
  const root = new Root(yield load(home + BARRIER.root));
  const generation = yield load(home + BARRIER.topGeneration);
  let inUse = false;
  for (let at = yield* root.nextCluster(local, 0); at >= 0; at = yield* root.nextCluster(local, at + 1)) {
    const leaf = yield* root.repAt(local, at);
    const arrived = (yield load(leaf + BARRIER.count)) !== 0;
    const isCurrent = (yield load(leaf + BARRIER.generation)) === generation;
    if ((arrived && isCurrent) || (yield load(leaf + BARRIER.queue)) !== 0) inUse = true;
  }
  return inUse;
}

function* setDead(home: number, dead: number): Code {
  const local = yield csrRead('slocal');
  const root = new Root(yield load(home + BARRIER.root));
  const leaves = yield load(home + BARRIER.leaves);
  for (let index = 0; index < leaves; index += 1) {
    const leaf = yield* root.repAt(local, index);
    yield* acquire(leaf + BARRIER.lock);
    yield store(leaf + BARRIER.dead, dead);
    yield* release(leaf + BARRIER.lock);
  }
}
