/**
 * The root of a clustered object: what a miss asks. It knows every representative (`repSet`) and every translation
 * table that may hold one (`transSet`); tables are caches of what is here.
 *
 * Harts are divided into clusters of `size`; each cluster has a representative, made when one of its harts first
 * misses. A new one is a copy of the first `fixed` bytes of the primary one, and zeroes. All four degrees of
 * clustering are the same code with another `size`.
 *
 * *Locking:* `lock` guards state, mediator, both sets, and the fixed bytes of all representatives. An entry of a
 * translation table is filled under it. Slots of repSet are filled once, so they may be read without it.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { HART, localOf, TRANSLATION_TABLE } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { HartSet } from '../memory/hart-set.ts';
import { allocate } from '../memory/heap.ts';
import { STEP } from '../steps.ts';
import { struct, word, words } from '../struct.ts';
import { View } from '../view.ts';
import type { ObjRef } from './miss-handler-table.ts';

export const ROOT = struct({
  class: word,
  /** Next in a list of objects that wait for the end of their temporary references. */
  limboNext: word,
  ref: word,
  /** Bytes of a representative, and how many of them a new one copies. */
  bytes: word,
  fixed: word,
  /** Harts that share a representative. */
  size: word,
  clusters: word,
  /** The first representative, from which others are copied. */
  primary: word,
  /** A block of the object that belongs to no representative, or 0. */
  record: word,
  lock: word,
  state: word,
  /** What calls go through while the object is being replaced, or 0. */
  mediator: word,
  /** Whether the reference is given back when this root is freed: not if another root has taken it over. */
  ownsRef: word,
  transSet: words(0),
});

/** How every representative begins. */
export const REP = struct({ class: word, root: word });

export const ROOT_STATE = Object.freeze({ live: 0, dying: 1, replaced: 2 });

/** What `handleMiss` gives when another root has taken the object over. */
export const LOOK_AGAIN = -1;

/** What an object is to look like. */
export interface Shape {
  /** Bytes of a representative. */
  readonly bytes: number;
  /** How many of them, from the beginning, a new representative copies. */
  readonly fixed: number;
  /** Harts that share one. */
  readonly size: number;
}

const setBytes = (harts: number): number => 4 * ((harts + 31) >>> 5);

/** Bytes of a root on a machine of so many harts. */
export const rootSize = (harts: number, size: number): number =>
  ROOT.SIZE + setBytes(harts) + 4 * Math.ceil(harts / size);

export class Root extends View {
  /** Lays a root out over a zeroed block. */
  *initialize(local: number, ref: ObjRef, shape: Shape, primary: number): Code {
    const harts = yield load(local + HART.harts);
    yield store(this.address + ROOT.class, CLASS.root);
    yield store(this.address + ROOT.ref, ref);
    yield store(this.address + ROOT.bytes, shape.bytes);
    yield store(this.address + ROOT.fixed, shape.fixed);
    yield store(this.address + ROOT.size, shape.size);
    yield store(this.address + ROOT.clusters, Math.ceil(harts / shape.size));
    yield store(this.address + ROOT.primary, primary);
    yield store(this.address + ROOT.ownsRef, 1);
    yield store(primary + REP.root, this.address);
    const cluster = ((yield load(local + HART.hart)) / shape.size) | 0;
    yield store(yield* this.slot(local, cluster), primary);
  }

  protected *slot(local: number, cluster: number): Code<number> {
    const harts = yield load(local + HART.harts);
    return this.address + ROOT.transSet + setBytes(harts) + 4 * cluster;
  }

  protected get transSet(): HartSet {
    return new HartSet(this.address + ROOT.transSet);
  }

  // DOC: root-handle-miss
  /** Installs and gives what this hart is to use; 0 if the object is being destroyed, or LOOK_AGAIN. */
  *handleMiss(local: number): Code<number> {
    const hart = yield load(local + HART.hart);
    yield* acquire(this.address + ROOT.lock);
    const state = yield load(this.address + ROOT.state);
    let rep = 0;
    if (state === ROOT_STATE.live) {
      rep = yield load(this.address + ROOT.mediator);
      if (rep === 0) rep = (yield* this.lockedRep(local, local, hart)) || (yield* this.primary());
      // In the set before it is in the table: who withdraws the object looks the other way round.
      yield* this.transSet.add(hart);
      yield store(local + TRANSLATION_TABLE + (yield load(this.address + ROOT.ref)), rep);
    }
    yield* release(this.address + ROOT.lock);
    return state === ROOT_STATE.replaced ? LOOK_AGAIN : rep;
  }

  /** The representative of a hart's cluster, or 0 if there is no memory for one. */
  protected *lockedRep(local: number, home: number, hart: number): Code<number> {
    const slot = yield* this.slot(local, (hart / (yield load(this.address + ROOT.size))) | 0);
    const rep = yield load(slot);
    return rep !== 0 ? rep : yield* step(STEP.createRep, yield* this.ref(), this.lockedCreateRep(home, slot));
  }

  // DOC: create-rep
  protected *lockedCreateRep(home: number, slot: number): Code<number> {
    const primary = yield* this.primary();
    const rep = yield* allocate(home, yield load(this.address + ROOT.bytes));
    if (rep === 0) return 0;
    const fixed = yield load(this.address + ROOT.fixed);
    for (let offset = 0; offset < fixed; offset += 4) yield store(rep + offset, yield load(primary + offset));
    // Only when it is whole may others find it.
    yield store(slot, rep);
    return rep;
  }

  /** The representative of a cluster, made if need be in the memory of its first hart; 0 if there is none. */
  *repOfCluster(local: number, cluster: number): Code<number> {
    const rep = yield* this.repAt(local, cluster);
    if (rep !== 0) return rep;
    const hart = cluster * (yield load(this.address + ROOT.size));
    const home = yield* localOf(local, hart);
    yield* acquire(this.address + ROOT.lock);
    const made = yield* this.lockedRep(local, home, hart);
    yield* release(this.address + ROOT.lock);
    return made;
  }

  /** The representative for a hart, past any translation table; without memory, one that it shares with others. */
  *repFor(local: number, hart: number): Code<number> {
    const cluster = (hart / (yield load(this.address + ROOT.size))) | 0;
    return (yield* this.repOfCluster(local, cluster)) || (yield* this.primary());
  }

  /** The first representative. */
  *primary(): Code<number> {
    return yield load(this.address + ROOT.primary);
  }

  /** The representative of a cluster, or 0 if it has none. */
  *repAt(local: number, cluster: number): Code<number> {
    return yield load(yield* this.slot(local, cluster));
  }

  /** The next cluster from `from` on that has a representative, or -1. */
  *nextCluster(local: number, from: number): Code<number> {
    const clusters = yield load(this.address + ROOT.clusters);
    for (let cluster = from; cluster < clusters; cluster += 1)
      if ((yield* this.repAt(local, cluster)) !== 0) return cluster;
    return -1;
  }

  *ref(): Code<ObjRef> {
    return yield load(this.address + ROOT.ref);
  }

  // DOC: withdraw
  /** Puts `entry` (0: a miss) into every translation table that has the object. No new one may be filled meanwhile. */
  *setEntries(local: number, entry: number): Code {
    const ref = yield* this.ref();
    const harts = yield load(local + HART.harts);
    const { transSet } = this;
    for (let hart = yield* transSet.next(0, harts); hart >= 0; hart = yield* transSet.next(hart + 1, harts)) {
      yield store((yield* localOf(local, hart)) + TRANSLATION_TABLE + ref, entry);
    }
  }
}
