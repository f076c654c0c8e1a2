/** Moving bytes within memory: word by word where both addresses allow it. */
import { type Code, load, load8, store, store8 } from '../../../hw/isa/index.ts';

/** Copies bytes between any two addresses that do not overlap. */
export function* copyBytes(to: number, from: number, bytes: number): Code {
  const aligned = ((to ^ from) & 3) === 0;
  let at = 0;
  while (at < bytes) {
    if (aligned && ((from + at) & 3) === 0 && bytes - at >= 4) {
      yield store(to + at, yield load(from + at));
      at += 4;
    } else {
      yield store8(to + at, yield load8(from + at));
      at += 1;
    }
  }
}

/** Fills bytes with zeroes. */
export function* zeroBytes(address: number, bytes: number): Code {
  let at = 0;
  while (at < bytes) {
    if (((address + at) & 3) === 0 && bytes - at >= 4) {
      yield store(address + at, 0);
      at += 4;
    } else {
      yield store8(address + at, 0);
      at += 1;
    }
  }
}

/** Whether two pieces of so many bytes are equal. */
export function* sameBytes(one: number, other: number, bytes: number): Code<boolean> {
  for (let at = 0; at < bytes; at++) if ((yield load8(one + at)) !== (yield load8(other + at))) return false;
  return true;
}
