/**
 * A set of harts as bits in emulated memory (HART_SET_WORDS words). Changed by compare-and-swap, so it
 * needs no lock; only as many words are touched as the machine has harts.
 */
import { type Code, compareAndSwap, load, store } from '../../hw/isa/index.ts';
import { View } from '../view.ts';

export class HartSet extends View {
  /** Puts `hart` into the set. One load if it is in already. */
  *add(hart: number): Code {
    const address = this.address + 4 * (hart >>> 5);
    const bit = 1 << (hart & 31);
    let old = yield load(address);
    while ((old & bit) === 0) {
      const seen = yield compareAndSwap(address, old, old | bit);
      if (seen === old) return;
      old = seen;
    }
  }

  /** Takes `hart` out of the set; gives whether it was in it. */
  *remove(hart: number): Code<boolean> {
    const address = this.address + 4 * (hart >>> 5);
    const bit = 1 << (hart & 31);
    let old = yield load(address);
    while ((old & bit) !== 0) {
      const seen = yield compareAndSwap(address, old, old & ~bit);
      if (seen === old) return true;
      old = seen;
    }
    return false;
  }

  /** Whether `hart` is in the set. */
  *has(hart: number): Code<boolean> {
    return (((yield load(this.address + 4 * (hart >>> 5))) >>> (hart & 31)) & 1) === 1;
  }

  /** Empties the set. Nobody may be adding to it. */
  *clear(harts: number): Code {
    for (let base = 0; base < harts; base += 32) yield store(this.address + 4 * (base >>> 5), 0);
  }

  /** The least member that is at least `from`, or -1. */
  *next(from: number, harts: number): Code<number> {
    for (let base = from & ~31; base < harts; base += 32) {
      let bits = yield load(this.address + 4 * (base >>> 5));
      if (base < from) bits &= -1 << (from & 31);
      if (bits !== 0) return base + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }
}
