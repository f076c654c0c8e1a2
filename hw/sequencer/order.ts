/**
 * The total order of things that happen at the same cycle: a pure hash of (seed, cycle, hart), so that ties
 * are broken the same way in every run of a seed and differently under another.
 */

/** Harts that the order can tell apart: their number is the low part of the key. */
const HART_MASK = 1023;

/** A key for each hart at a cycle, all different, from 0 to 2^31 − 1; lower goes first. */
export function tieOrder(seed: number, cycle: number, hart: number): number {
  let x = seed ^ Math.imul(cycle | 0, 0x9e3779b1) ^ Math.imul(hart + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (((x ^ (x >>> 15)) >>> 1) & ~HART_MASK) | hart;
}

/** The hart that a key of `tieOrder` belongs to. */
export const hartOfKey = (key: number): number => key & HART_MASK;

/** Whether hart `left` acts before hart `right` when both are due at `cycle`. */
export const actsBefore = (seed: number, cycle: number, left: number, right: number): boolean =>
  tieOrder(seed, cycle, left) < tieOrder(seed, cycle, right);

/** The cycle below `skew` at which a hart starts. */
export const startingSkew = (seed: number, hart: number, skew: number): number =>
  // The low part of a key is the hart's number and no hash.
  Math.floor(tieOrder(seed, 0, hart) / (HART_MASK + 1)) % skew;
