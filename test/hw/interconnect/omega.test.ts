import { describe, expect, test } from 'vitest';
import { Omega } from '../../../hw/interconnect/omega.ts';

const HOP = 10;
const BUSY = 4;
const SIZES = [2, 4, 8, 16, 64] as const;

const hall = (nodes: number): Omega => new Omega(nodes, HOP, BUSY, false);
const stages = (nodes: number): number => Math.ceil(Math.log2(nodes));
const all = (nodes: number): number[] => Array.from({ length: nodes }, (_, node) => node);

/** How many messages, sent at once along these paths, had to wait. */
function waiting(nodes: number, pairs: readonly (readonly [number, number])[]): number {
  const omega = hall(nodes);
  let late = 0;
  for (const [from, to] of pairs) if (omega.toHome(from, to, 0) > stages(nodes) * HOP) late++;
  return late;
}

const pairsOf = (nodes: number): (readonly [number, number])[] =>
  all(nodes).flatMap((from) => all(nodes).map((to) => [from, to] as const));

/** The outputs that a message leaves the three stages of eight ports by, as one draws it: shuffle, then switch. */
function outputs(from: number, to: number): number[] {
  let place = from;
  return [2, 1, 0].map((bit) => {
    const shuffled = ((place << 1) & 7) | (place >> 2);
    place = (shuffled & 6) | ((to >> bit) & 1);
    return place;
  });
}

describe('an omega network', () => {
  test.each(SIZES)('of %i ports has all pairs equally far from each other, both ways', (nodes) => {
    for (const node of all(nodes)) {
      for (const home of all(nodes)) {
        expect(hall(nodes).toHome(node, home, 100)).toBe(100 + stages(nodes) * HOP);
        expect(hall(nodes).fromHome(home, node, 100)).toBe(100 + stages(nodes) * HOP);
        expect(hall(nodes).isLocal(node, home)).toBe(false);
      }
    }
  });

  test.each(SIZES)('of %i ports lets all processors reach their own numbers at once', (nodes) => {
    expect(
      waiting(
        nodes,
        all(nodes).map((node) => [node, node]),
      ),
    ).toBe(0);
    // Any shift passes as well (Lawrie 1975).
    expect(
      waiting(
        nodes,
        all(nodes).map((node) => [node, (node + 1) % nodes]),
      ),
    ).toBe(0);
  });

  test('does not let every permutation pass at once: bit reversal blocks', () => {
    const reversed = (node: number): number =>
      [0, 1, 2].reduce((sum, bit) => sum | (((node >> bit) & 1) << (2 - bit)), 0);
    expect(
      waiting(
        8,
        all(8).map((node) => [node, reversed(node)]),
      ),
    ).toBeGreaterThan(0);
  });

  test('makes a message wait that shares a switch’s output with an earlier one, though they go elsewhere', () => {
    // Of eight ports: 0 and 4 meet at the first stage, and part at the last.
    const omega = hall(8);
    expect(omega.toHome(0, 0, 0)).toBe(3 * HOP);
    expect(omega.toHome(4, 1, 0)).toBe(3 * HOP + BUSY);
    expect(omega.queued).toBe(BUSY);
  });

  test('lets messages pass that share nothing', () => {
    const omega = hall(8);
    expect(omega.toHome(0, 0, 0)).toBe(3 * HOP);
    expect(omega.toHome(1, 7, 0)).toBe(3 * HOP);
    expect(omega.queued).toBe(0);
  });

  test('has ways back that do not share with the ways there', () => {
    const omega = hall(8);
    omega.toHome(0, 0, 0);
    expect(omega.fromHome(0, 0, 0)).toBe(3 * HOP);
  });

  test('lines up all who want one module', () => {
    const omega = hall(16);
    const arrivals = all(16).map((node) => omega.toHome(node, 5, 0));
    expect(arrivals.toSorted((left, right) => left - right)).toEqual(
      all(16).map((turn) => 4 * HOP + turn * BUSY),
    );
  });

  test('makes two messages of one moment wait for each other exactly if their shuffled paths share an output', () => {
    const nodes = 8;
    for (const [from0, to0] of pairsOf(nodes)) {
      for (const [from1, to1] of pairsOf(nodes)) {
        const omega = hall(nodes);
        omega.toHome(from0, to0, 0);
        omega.toHome(from1, to1, 0);
        const other = outputs(from1, to1);
        const shared = outputs(from0, to0).some((output, stage) => output === other[stage]);
        expect(omega.queued > 0, `${from0} to ${to0} and ${from1} to ${to1}`).toBe(shared);
      }
    }
  });

  test('takes a message between processors there and back, and nowhere one to itself', () => {
    expect(hall(8).across(1, 6, 0)).toBe(6 * HOP);
    expect(hall(8).across(3, 3, 0)).toBe(0);
  });

  test('of a number of ports that is no power of two is as deep as the next', () => {
    for (const home of all(6)) expect(hall(6).toHome(5, home, 0)).toBe(3 * HOP);
  });
});

describe('with a module at each processor', () => {
  test('the own one is reached without the network', () => {
    const butterfly = new Omega(8, HOP, BUSY, true);
    expect(butterfly.isLocal(3, 3)).toBe(true);
    expect(butterfly.isLocal(3, 4)).toBe(false);
    expect(butterfly.toHome(3, 3, 50)).toBe(50);
    expect(butterfly.fromHome(3, 3, 50)).toBe(50);
  });

  test('all others are equally far', () => {
    for (const home of all(8).filter((node) => node !== 3)) {
      expect(new Omega(8, HOP, BUSY, true).toHome(3, home, 0)).toBe(3 * HOP);
    }
  });
});
