/**
 * The total order of things that happen at the same cycle: a pure hash of (seed, cycle, hart), so that ties
 * are broken the same way in every run of a seed and differently under another.
 */

/** A 32-bit avalanche of the three numbers; lower goes first. Equal hashes fall back to the hart number. */
export function tieOrder(seed: number, cycle: number, hart: number): number {
  let x = seed ^ Math.imul(cycle | 0, 0x9e3779b1) ^ Math.imul(hart + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
}

/** Whether hart `left` acts before hart `right` when both are due at `cycle`. */
export function actsBefore(seed: number, cycle: number, left: number, right: number): boolean {
  const leftOrder = tieOrder(seed, cycle, left);
  const rightOrder = tieOrder(seed, cycle, right);
  return leftOrder < rightOrder || (leftOrder === rightOrder && left < right);
}
