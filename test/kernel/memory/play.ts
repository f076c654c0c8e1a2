/** Plays a scene of random scripts on the kernel heap, and says what is wrong when all blocks have been freed. */
import fc from 'fast-check';
import type { Machine } from '../../../hw/machine.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { checkFrames } from '../../../kernel/inspect/check-frames.ts';
import { checkHeap } from '../../../kernel/inspect/check-heap.ts';
import { freeLists } from '../../../kernel/inspect/heap-blocks.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { Ledger } from './ledger.ts';
import { onKernel } from './on-kernel.ts';
import { perform, type Scene, scenes, tidyUp } from './scripts.ts';

const MOST_STEPS = 2_000_000;

/** What is wrong when all blocks have been freed; no more than the first few. */
function wrongWith(machine: Machine): string[] {
  const reader = new Reader(machine);
  return [...checkHeap(reader).problems, ...checkFrames(reader).problems].slice(0, 5);
}

/** Blocks that wait in batches to go home. */
const underWay = (machine: Machine): number =>
  freeLists(new Reader(machine)).filter(({ place }) => place.startsWith('batch')).length;

/** Starts a program on every hart. */
function startAll(machine: Machine, program: (hart: number) => ReturnType<typeof perform>): void {
  for (let hart = 0; hart < machine.harts; hart++) machine.start(hart, () => program(hart));
}

/** What went wrong in a scene, in time or by a random schedule. */
export function play(scene: Scene, bySchedule: boolean): string[] {
  const { preset, harts, seed, options, scripts } = scene;
  // Store buffers come with coherence only.
  const storeBuffer = preset === 'ncc-numa' ? 0 : scene.storeBuffer;
  const { machine } = onKernel({ preset, harts, seed, options, set: { storeBuffer } });
  const ledger = new Ledger();
  const programs = [
    (hart: number) => perform(hart, scripts[hart] ?? [], ledger),
    (hart: number) => tidyUp(hart, ledger),
  ];
  for (const program of programs) {
    startAll(machine, program);
    const stop = bySchedule ? machine.runArbitrated(new RandomArbiter(seed), MOST_STEPS) : machine.run();
    if (stop.kind !== 'finished') return [JSON.stringify(stop), ...ledger.errors];
  }
  return [...ledger.errors, ...wrongWith(machine), ...(underWay(machine) === 0 ? [] : ['not all is home'])];
}

/** What is wrong with the first of so many scenes in time, those with remote frees, that has something wrong. */
export function firstHeapProblem(count: number, seed: number): string | undefined {
  for (const scene of fc.sample(scenes(60), { numRuns: count, seed })) {
    if (scene.preset === 'smp' || scene.harts < 8 || scene.options.heap !== undefined) continue;
    const [problem] = play(scene, false);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
