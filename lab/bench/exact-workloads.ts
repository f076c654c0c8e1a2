/**
 * Two workloads that are defined exactly, so that other simulators can be given the same accesses. `x` is the
 * xorshift32 generator with seed 1 (Marsaglia, *Xorshift RNGs*, 2003), one number per access.
 *
 * - *mix*: access k is made by hart k mod N. If (x & 255) < 13 it goes to line (x >>> 8) mod 64 of an area that
 *   all share, else to word (x >>> 8) mod 4096 of the hart's own 16 KiB; it writes if (x >>> 24) < 77.
 * - *lock*: hart ⌊k / 5⌋ mod N reads and writes a lock, reads and writes a counter, and writes the lock; lock and
 *   counter lie on two lines. In the order of k four of five accesses miss.
 *
 * A hart makes its accesses in the order of k; when they happen is decided by the machine's time.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';

const SHARED = 0x2_0000;
const SHARED_LINES = 64;
const LINE = 64;
const OWN = 0x10_0000;
const OWN_SIZE = 16 * 1024;
const LOCK = 0x4_0000;
const COUNTER = LOCK + LINE;

/** The first `count` numbers of the generator. */
export function xorshift32(count: number): Int32Array {
  const numbers = new Int32Array(count);
  let x = 1;
  for (let index = 0; index < count; index++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    numbers[index] = x;
  }
  return numbers;
}

/** The address of a hart's access in *mix*. */
export const mixAddress = (hart: number, x: number): number =>
  (x & 255) < 13
    ? SHARED + ((x >>> 8) % SHARED_LINES) * LINE
    : OWN + hart * OWN_SIZE + ((x >>> 8) % (OWN_SIZE >> 2)) * 4;

/** Whether an access in *mix* writes. */
export const mixWrites = (x: number): boolean => x >>> 24 < 77;

export interface ExactWorkload {
  readonly id: 'mix' | 'lock';
  readonly summary: string;
  /** A procedure for each of so many harts, that make so many accesses together. */
  readonly procedure: (harts: number, accesses: number) => (hart: number) => Code;
}

export const EXACT_WORKLOADS: readonly ExactWorkload[] = [
  {
    id: 'mix',
    summary: 'one access of twenty to shared memory, three of ten write',
    procedure(harts, accesses) {
      const numbers = xorshift32(accesses);
      return function* mix(hart) {
        for (let k = hart; k < accesses; k += harts) {
          const x = numbers[k] as number;
          yield mixWrites(x) ? store(mixAddress(hart, x), k) : load(mixAddress(hart, x));
        }
      };
    },
  },
  {
    id: 'lock',
    summary: 'a lock and a counter that all harts take in turn, and nothing else',
    procedure: (harts, accesses) =>
      function* lock(hart) {
        for (let k = hart * 5; k < accesses; k += harts * 5) {
          yield load(LOCK);
          yield store(LOCK, 1);
          const count = yield load(COUNTER);
          yield store(COUNTER, count + 1);
          yield store(LOCK, 0);
        }
      },
  },
];
