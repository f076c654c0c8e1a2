/**
 * The root of an object with one shared representative: degree of clustering 1.
 *
 * Works like any root: `handleMiss` gives the representative for a hart and remembers that the hart has it
 * installed, so that destruction can withdraw it from exactly those translation tables.
 *
 * *Locking:* none. `installed` is a set changed by compare-and-swap; the rest never changes.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { HART, localOf, TRANSLATION_TABLE } from '../hart-local.ts';
import { HartSet } from '../memory/hart-set.ts';
import { struct, word, words } from '../struct.ts';
import { View } from '../view.ts';
import type { ObjRef } from './translation-table.ts';

export const SHARED_ROOT = struct({ class: word, ref: word, rep: word, installed: words(0) });

/** Bytes of a root on a machine of so many harts. */
export const sharedRootSize = (harts: number): number => SHARED_ROOT.SIZE + 4 * ((harts + 31) >>> 5);

export class SharedRoot extends View {
  *initialize(ref: ObjRef, rep: number): Code {
    yield store(this.address + SHARED_ROOT.class, CLASS.sharedRoot);
    yield store(this.address + SHARED_ROOT.ref, ref);
    yield store(this.address + SHARED_ROOT.rep, rep);
  }

  /** The representative that `hart` is to use. The caller installs it. */
  *handleMiss(hart: number): Code<number> {
    yield* new HartSet(this.address + SHARED_ROOT.installed).add(hart);
    return yield load(this.address + SHARED_ROOT.rep);
  }

  /** Clears the entry of the object in every translation table that has it. */
  *withdraw(local: number): Code {
    const ref = yield load(this.address + SHARED_ROOT.ref);
    const harts = yield load(local + HART.harts);
    const installed = new HartSet(this.address + SHARED_ROOT.installed);
    for (
      let hart = yield* installed.next(0, harts);
      hart >= 0;
      hart = yield* installed.next(hart + 1, harts)
    ) {
      yield store((yield* localOf(local, hart)) + TRANSLATION_TABLE + ref, 0);
    }
  }
}
