/** Scenes of random lives of objects: on which machine they are led, by what schedule, and what is found wrong. */
import fc from 'fast-check';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { GARBAGE } from '../../../kernel/objects/limbo.ts';
import { bootedMachine, brokenInvariants, drainLimbo } from './kernel-machine.ts';
import { type Action, actions, Lives, type LOADS } from './random-objects.ts';
import { SlicesArbiter } from './slices.ts';

export interface Scene {
  readonly preset: string;
  readonly nodes: number;
  readonly hartsPerNode: number;
  readonly seed: number;
  readonly schedule: 'slices' | 'random' | 'time';
  readonly generations: number;
  readonly adapt: 'on' | 'off';
  readonly heapChecked: boolean;
  readonly storeBuffer: number;
  readonly lists: readonly (readonly Action[])[];
}

const shapes = fc.oneof(
  fc.record({
    preset: fc.constant('smp'),
    nodes: fc.constant(1),
    hartsPerNode: fc.integer({ min: 1, max: 16 }),
  }),
  fc.record({
    preset: fc.constant('cc-numa'),
    nodes: fc.integer({ min: 2, max: 4 }),
    hartsPerNode: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    preset: fc.constant('ncc-numa'),
    nodes: fc.integer({ min: 2, max: 4 }),
    hartsPerNode: fc.integer({ min: 1, max: 2 }),
  }),
);

/** Few harts, so that they meet often. */
const crowds = fc.oneof(
  fc.record({
    preset: fc.constant('smp'),
    nodes: fc.constant(1),
    hartsPerNode: fc.integer({ min: 2, max: 4 }),
  }),
  fc.record({ preset: fc.constant('cc-numa'), nodes: fc.constant(2), hartsPerNode: fc.constantFrom(1, 2) }),
);

const conditions = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  schedule: fc.constantFrom<Scene['schedule']>('slices', 'slices', 'random', 'time'),
  generations: fc.constantFrom(1, 2, 2),
  adapt: fc.constantFrom<Scene['adapt']>('off', 'on'),
  heapChecked: fc.boolean(),
  storeBuffer: fc.constantFrom(0, 0, 1, 4),
});

function scenesOf(machines: typeof shapes, load: keyof typeof LOADS): fc.Arbitrary<Scene> {
  const lists = fc.array(actions(load, 24), { minLength: 2, maxLength: 6, size: 'max' });
  return (
    fc
      .tuple(machines, conditions, lists)
      // Store buffers come with coherence only.
      .map(([shape, rest, each]) => ({
        ...shape,
        ...rest,
        storeBuffer: shape.preset === 'ncc-numa' ? 0 : rest.storeBuffer,
        lists: each,
      }))
  );
}

/** Scenes by what they are rich in. */
export const SCENES = Object.freeze({
  all: scenesOf(shapes, 'all'),
  calls: scenesOf(crowds, 'calls'),
  holds: scenesOf(crowds, 'holds'),
});

/** Plays a scene; gives what was found wrong. */
export function play(scene: Scene): string[] {
  const { preset, nodes, hartsPerNode, seed, schedule, generations, adapt, heapChecked, storeBuffer, lists } =
    scene;
  const machine = bootedMachine({
    preset,
    harts: nodes * hartsPerNode,
    seed,
    set: { storeBuffer, ...(preset === 'smp' ? {} : { nodes, coresPerNode: hartsPerNode }) },
    options: { 'objects.generations': generations, 'objects.adapt': adapt, heapChecked },
  });
  const lives = new Lives(machine);
  const found: string[] = [];
  try {
    const arbiter = { slices: new SlicesArbiter(seed), random: new RandomArbiter(seed), time: undefined };
    lives.lead(lists, arbiter[schedule], [], () => found.push(...brokenInvariants(machine)));
    drainLimbo(machine);
  } catch (error) {
    found.push(String(error));
  }
  found.push(...lives.problems, ...brokenInvariants(machine));
  const garbage = machine.peek(GARBAGE);
  if (garbage !== 0) found.push(`${garbage} in limbo at the end`);
  const heap = checkInvariants(machine).find(({ id }) => id === 'heap')?.detail;
  if (heap !== '0 blocks in use') found.push(`at the end: ${heap}`);
  return found;
}

/** What is wrong with the first scene of so many that has something wrong; undefined if none has. */
export function firstProblem(kind: keyof typeof SCENES, count: number, seed: number): string | undefined {
  for (const scene of fc.sample(SCENES[kind], { numRuns: count, seed })) {
    const [problem] = play(scene);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
