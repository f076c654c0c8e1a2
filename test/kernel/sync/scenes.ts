/** Scenes of threads that use synchronization objects by chance: on which machine, how many, what they do; and what was wrong. */
import fc from 'fast-check';
import { checkInvariants } from '../../../kernel/index.ts';
import { run } from '../run.ts';
import { EVERY_KIND, KINDS, races } from './races.ts';

export interface Scene {
  readonly machine: { readonly preset: string; readonly harts: number };
  readonly threads: number;
  readonly seed: number;
  readonly slice: number;
  readonly kinds: number;
}

const machines = fc.oneof(
  fc.record({ preset: fc.constant('smp'), harts: fc.integer({ min: 1, max: 8 }) }),
  // Harts are divided evenly over nodes.
  fc.record({ preset: fc.constantFrom('cc-numa', 'dance-hall'), harts: fc.constantFrom(1, 2, 4, 8) }),
);

const READ_WRITE = KINDS.read | KINDS.write;

/** Threads that do everything, and now and then one thing only: then nothing else puts right what one of them has missed. */
export const scenes: fc.Arbitrary<Scene> = fc.record({
  machine: machines,
  threads: fc.integer({ min: 2, max: 12 }),
  seed: fc.integer({ min: 1, max: 0xffff }),
  slice: fc.constantFrom(700, 3000, 20_000),
  kinds: fc.constantFrom(
    EVERY_KIND,
    EVERY_KIND,
    READ_WRITE,
    KINDS.mutex,
    KINDS.semaphore,
    KINDS.condition | KINDS.mutex,
  ),
});

/** Plays a scene; gives what was wrong in it, or undefined. */
export function problemOf({ machine, threads, seed, slice, kinds }: Scene): string | undefined {
  const parameters = [seed, threads, kinds];
  const outcome = run(races, { ...machine, seed, parameters, options: { slice } });
  const { stop } = outcome;
  if (stop.kind !== 'halted') return stop.kind;
  if (stop.status !== 0) return `status ${stop.status} ${outcome.output}`;
  const broken = checkInvariants(outcome.machine).find(({ ok }) => !ok);
  return broken === undefined ? undefined : `${broken.id}: ${broken.detail}`;
}

/** What is wrong in the first of so many scenes in which something is. */
export function firstProblem(most: number, seed: number): string | undefined {
  for (const scene of fc.sample(scenes, { numRuns: most, seed })) {
    const problem = problemOf(scene);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
