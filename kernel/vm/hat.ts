/**
 * HAT, hardware address translation: the page tables of a process, and the harts whose TLBs may hold them.
 *
 * A root table belongs to (process, group of harts). There is one group yet; the table is keyed from the
 * start, since private address ranges need a root per group.
 *
 * *Locking:* none. An entry goes from 0 to a mapping by compare-and-swap, and back by one exchange, so that who maps and
 * unmaps other pages at the same time is not waited for (the hardware sets A and D in valid entries meanwhile). A table,
 * once entered, stays as long as the HAT. In the traditional kernel both are done under `lock`.
 */
import { type Code, compareAndSwap, fetchAndStore, load, satpFor, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { HART, localBase } from '../hart-local.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../layout.ts';
import { HartSet } from '../memory/hart-set.ts';
import { zeroFrame } from '../memory/frame.ts';
import { destroyOwned, prepareObject, publishObject } from '../objects/object.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { View } from '../view.ts';
import { allocateFrame, releaseFrame } from './dsm.ts';
import { HAT } from './hat-layout.ts';
import { PTE, pteFor, frameOf, slot0, slot1, ENTRIES, SUPERPAGE } from './page-table.ts';
import { shootdown } from './shootdown.ts';
import { underTraditionalLock } from './variant.ts';

export class Hat extends View {
  /** The `satp` value for a hart. */
  *satpOf(_hart: number): Code<number> {
    return satpFor(yield load(this.address + HAT.roots), yield load(this.address + HAT.asid));
  }

  // DOC: hat-map
  /** Maps a page to a frame; gives 1, 0 if it was mapped already, or ENOMEM. */
  *map(page: number, frame: number, writable: boolean): Code<number> {
    const local = yield* localBase();
    const table = yield* this.tableOf(local, page);
    if (table === 0) return ERROR.ENOMEM;
    const slot = slot0(frameOf(table), page);
    const flags = PTE.V | PTE.R | PTE.U | (writable ? PTE.W : 0) | (yield load(local + HART.pageFlags));
    const old = yield* this.change(local, enterOrRaise(slot, pteFor(frame, flags)));
    return old === 0 ? 1 : 0;
  }

  /** Makes the table for a page, so that mapping it needs no memory; gives false if there is none for it. */
  *prepare(page: number): Code<boolean> {
    return (yield* this.tableOf(yield* localBase(), page)) !== 0;
  }

  /** The root's entry for a page, made if need be; 0 if there is no memory. */
  private *tableOf(local: number, page: number): Code<number> {
    const slot = slot1(yield load(this.address + HAT.roots), page);
    const table = yield load(slot);
    return (table & PTE.V) !== 0 ? table : yield* this.addTable(local, slot);
  }

  /** Puts a second-level table into a root's slot, unless another hart does so first; gives the entry, or 0. */
  private *addTable(local: number, slot: number): Code<number> {
    const frame = yield* allocateFrame(local, yield load(local + HART.node));
    if (frame === 0) return 0;
    yield* zeroFrame(local, frame);
    const entry = pteFor(frame, PTE.V);
    const old = yield* this.change(local, enter(slot, entry));
    if (old === 0) return entry;
    yield* releaseFrame(local, frame);
    return old;
  }

  /**
   * Clears the entry of a page and gives what it was, with its A and D bits; 0 if the page was not mapped.
   * TLBs may hold it until `shootdown` has returned.
   */
  *unmap(page: number): Code<number> {
    const root = yield load(this.address + HAT.roots);
    const table = yield load(slot1(root, page));
    if ((table & PTE.V) === 0) return 0;
    return yield* this.change(yield* localBase(), takeAway(slot0(frameOf(table), page)));
  }

  /** As `unmap`, if it is to this frame that the page is mapped. */
  *unmapFrame(page: number, frame: number): Code<number> {
    return yield* this.changeFrame(page, frame, 0);
  }

  // DOC: take-accessed
  /**
   * Takes the A bit of a page away, if it is to this frame that the page is mapped; gives its entry as it was, or 0. TLBs
   * are left alone: one that holds the page sets no A bit again, so a page that is used all the time may look unused; it
   * costs it a fault.
   */
  *takeAccessed(page: number, frame: number): Code<number> {
    return yield* this.changeFrame(page, frame, ~PTE.A);
  }

  /** Takes the D bit of a page away, if it is to this frame that the page is mapped; gives its entry as it was, or 0. */
  *takeDirty(page: number, frame: number): Code<number> {
    return yield* this.changeFrame(page, frame, ~PTE.D);
  }

  private *changeFrame(page: number, frame: number, kept: number): Code<number> {
    const table = yield load(slot1(yield load(this.address + HAT.roots), page));
    if ((table & PTE.V) === 0) return 0;
    return yield* this.change(yield* localBase(), keepBits(slot0(frameOf(table), page), frame, kept));
  }

  private change(local: number, change: Code<number>): Code<number> {
    return underTraditionalLock(local, this.address + HAT.lock, change);
  }

  // DOC: hat-protect
  /**
   * Makes `count` pages from `page` on read-only where they are mapped; gives whether one was writable. TLBs may hold
   * what it was until `shootdown` has returned. Nobody may map or unmap these pages meanwhile.
   */
  *protect(page: number, count: number): Code<boolean> {
    const root = yield load(this.address + HAT.roots);
    const local = yield* localBase();
    let changed = false;
    for (let at = page; at < page + count * PAGE_SIZE; at += PAGE_SIZE) {
      const table = yield load(slot1(root, at));
      if ((table & PTE.V) === 0) {
        // Nothing is mapped up to the end of the table's range.
        at = Math.floor(at / SUPERPAGE) * SUPERPAGE + SUPERPAGE - PAGE_SIZE;
        continue;
      }
      const slot = slot0(frameOf(table), at);
      if (((yield load(slot)) & PTE.W) === 0) continue;
      yield* this.change(local, lower(slot));
      changed = true;
    }
    return changed;
  }

  /** Drops `count` pages from `page` on (0: all) from every TLB that may hold them; returns when it is done. */
  *shootdown(page: number, count: number): Code {
    const asid = yield load(this.address + HAT.asid);
    yield* shootdown(new HartSet(this.address + HAT.harts), asid, page, count);
  }

  /**
   * Drops the address space from every TLB and forgets the harts, so that what is unmapped from now on disturbs
   * nobody. No thread of the process may come to user mode again.
   */
  *retire(local: number): Code {
    yield* this.shootdown(0, 0);
    yield* new HartSet(this.address + HAT.harts).clear(yield load(local + HART.harts));
  }

  /** Gives back the page tables. Every page must be unmapped, and the space retired or never used. */
  *dismantle(local: number): Code {
    const root = yield load(this.address + HAT.roots);
    for (let index = 0; index < ENTRIES / 2; index += 1) {
      const entry = yield load(root + 4 * index);
      if (entry !== 0) yield* releaseFrame(local, frameOf(entry));
    }
    yield* releaseFrame(local, root);
  }
}

/** Enters a page or a table where nothing is yet; gives what was there. */
function* enter(slot: number, entry: number): Code<number> {
  return yield compareAndSwap(slot, 0, entry);
}

/** The same of a page; one that is mapped to the same frame already becomes writable, if it is to be. */
function* enterOrRaise(slot: number, entry: number): Code<number> {
  const first = yield compareAndSwap(slot, 0, entry);
  for (let old = first; (entry & PTE.W) !== 0 && (old & PTE.W) === 0 && frameOf(old) === frameOf(entry); ) {
    // The hardware may set A and D at this moment.
    const seen = yield compareAndSwap(slot, old, old | PTE.W);
    if (seen === old) break;
    old = seen;
  }
  return first;
}

/** Makes an entry read-only that is not. The hardware may set A and D at this moment, and its page may leave memory. */
function* lower(slot: number): Code<number> {
  let old = yield load(slot);
  while ((old & PTE.W) !== 0) {
    const seen = yield compareAndSwap(slot, old, old & ~PTE.W);
    if (seen === old) break;
    old = seen;
  }
  return old;
}

/** Clears an entry; gives what it was. */
function* takeAway(slot: number): Code<number> {
  return yield fetchAndStore(slot, 0);
}

/** Keeps some bits only of an entry that maps a frame, whatever the hardware sets meanwhile; gives what it was, or 0. */
function* keepBits(slot: number, frame: number, kept: number): Code<number> {
  let old = yield load(slot);
  while ((old & PTE.V) !== 0 && frameOf(old) === frame) {
    const seen = (old & kept) === old ? old : yield compareAndSwap(slot, old, old & kept);
    if (seen === old) return old;
    old = seen;
  }
  return 0;
}

/** Makes the HAT of a process; gives its reference, or 0 if there is no memory. */
export function* createHat(local: number, asid: number): Code<ObjRef> {
  const harts = yield load(local + HART.harts);
  const root = yield* allocateFrame(local, yield load(local + HART.node));
  if (root === 0) return 0;
  const made = yield* prepareObject(local, {
    classWord: CLASS.hat,
    bytes: HAT.SIZE + 4 * ((harts + 31) >>> 5),
    fixed: HAT.lock,
  });
  const { ref, rep } = made;
  if (ref === 0) {
    yield* releaseFrame(local, root);
    return 0;
  }
  yield* zeroFrame(local, root);
  yield store(rep + HAT.asid, asid);
  yield store(rep + HAT.roots, root);
  yield* publishObject(local, made);
  return ref;
}

/** Destroys a HAT: its tables and the object. */
export function* destroyHat(local: number, ref: ObjRef): Code {
  const rep = yield* deref(ref);
  yield* step(STEP.hatDestroy, ref, new Hat(rep).dismantle(local));
  yield* destroyOwned(local, ref);
}

/** Byte address of the page that holds `address`. */
export const pageOf = (address: number): number => (address >>> PAGE_SHIFT) << PAGE_SHIFT;
