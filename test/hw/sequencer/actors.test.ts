import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTOR_KINDS, type ActorKind, Actors } from '../../../hw/sequencer/actors.ts';

const actors = fc
  .tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 8 }))
  .map(([harts, nodes]) => new Actors(harts, nodes));

describe('actors', () => {
  test('each have a number, from 0 on without a gap, which names them', () => {
    fc.assert(
      fc.property(actors, (all) => {
        const numbers = (Object.keys(ACTOR_KINDS) as ActorKind[]).flatMap((kind) =>
          Array.from({ length: all.countOf(kind) }, (_, number) => {
            expect(all.at(all.of(kind, number))).toEqual({ kind, number });
            return all.of(kind, number);
          }),
        );
        expect(numbers).toEqual(Array.from({ length: all.count }, (_, actor) => actor));
      }),
      { numRuns: 30 },
    );
  });

  test('are events but for harts and the drains of their buffers', () => {
    const all = new Actors(3, 2);
    expect(all.isEvent(all.of('hart', 2))).toBe(false);
    expect(all.isEvent(all.of('drain', 2))).toBe(false);
    for (const kind of ['timer', 'interrupt', 'disk', 'message'] as const)
      expect(all.isEvent(all.of(kind, 0))).toBe(true);
  });

  test('are no more than there are', () => {
    const all = new Actors(1, 1);
    expect(() => all.at(all.count)).toThrow('there is no actor');
  });
});
