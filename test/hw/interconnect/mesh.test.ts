import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Mesh } from '../../../hw/interconnect/mesh.ts';
import { effort } from '../effort.ts';

const HOP = 20;
const OCCUPANCY = 4;

describe('the mesh', () => {
  test('takes a hop for each row and column between two nodes, when nothing else is on the way', () => {
    const nodes = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(nodes, fc.nat(63), fc.nat(63), (count, one, other) => {
        const [from, to] = [one % count, other % count];
        const mesh = new Mesh(count, HOP, OCCUPANCY);
        const columns = Math.ceil(Math.sqrt(count));
        const distance =
          Math.abs((from % columns) - (to % columns)) +
          Math.abs(Math.floor(from / columns) - Math.floor(to / columns));
        expect(mesh.distance(from, to)).toBe(distance);
        expect(mesh.send(from, to, 100)).toBe(100 + distance * HOP);
        expect(mesh.queued).toBe(0);
      }),
      effort(200),
    );
  });

  test('lets a later message wait for a link that is busy, and counts the wait', () => {
    const mesh = new Mesh(4, HOP, OCCUPANCY);
    expect(mesh.send(0, 1, 0)).toBe(HOP);
    expect(mesh.send(0, 1, 0)).toBe(OCCUPANCY + HOP);
    expect(mesh.send(0, 1, 1)).toBe(2 * OCCUPANCY + HOP);
    expect(mesh.queued).toBe(OCCUPANCY + 2 * OCCUPANCY - 1);
    expect(mesh.send(0, 1, 1000)).toBe(1000 + HOP);
  });

  test('has a link of its own for each direction', () => {
    const mesh = new Mesh(4, HOP, OCCUPANCY);
    mesh.send(0, 1, 0);
    expect(mesh.send(1, 0, 0)).toBe(HOP);
    expect(mesh.send(0, 2, 0)).toBe(HOP);
    expect(mesh.send(2, 3, 0)).toBe(HOP);
  });

  test('delivers to the own node at once', () => {
    expect(new Mesh(9, HOP, OCCUPANCY).send(4, 4, 7)).toBe(7);
  });
});
