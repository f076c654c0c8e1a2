/** Small machines with two private levels: both tiny, so that lines move between them all the time. */
import fc from 'fast-check';
import type { MachineConfig } from '../../../hw/config.ts';
import { type Shape, shapes, small } from '../machines.ts';

export interface LevelledShape extends Shape {
  readonly lowerWays: number;
  readonly lowerSets: number;
  readonly coherence: MachineConfig['coherence'];
}

/** Shapes of at most `mostCores` cores whose second level has one to sixteen lines. */
export const levelledShapes = (
  mostCores: number,
  coherences: readonly MachineConfig['coherence'][],
): fc.Arbitrary<LevelledShape> =>
  fc
    .record({
      shape: shapes(mostCores),
      lowerWays: fc.constantFrom(1, 2, 4),
      lowerSets: fc.constantFrom(1, 2, 4),
      coherence: fc.constantFrom(...coherences),
    })
    .map(({ shape, ...lower }) => ({ ...shape, ...lower }));

/** The machine of such a shape. */
export const levelled = (shape: LevelledShape, set: Partial<MachineConfig> = {}): MachineConfig =>
  small(shape, {
    coherence: shape.coherence,
    l2: { size: shape.lowerWays * shape.lowerSets * shape.line, ways: shape.lowerWays },
    ...set,
  });
