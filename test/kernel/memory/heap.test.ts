/**
 * The kernel heap under random load: no block is given out twice, none changes under its owner, none is lost; in the
 * end everything is home. In time with random seeds, and by random schedules; and with bugs planted, which must be found.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import type { Machine } from '../../../hw/machine.ts';
import { checkFrames } from '../../../kernel/inspect/check-frames.ts';
import { checkHeap } from '../../../kernel/inspect/check-heap.ts';
import { freeLists } from '../../../kernel/inspect/heap-blocks.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { Ledger } from './ledger.ts';
import { onKernel } from './on-kernel.ts';
import { perform, type Scene, scenes, tidyUp } from './scripts.ts';

const RUNS = process.env['EDDY_DEEP'] ? 400 : 40;
const BY_SCHEDULE = process.env['EDDY_DEEP'] ? 200 : 20;
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

function play(scene: Scene, bySchedule: boolean): string[] {
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

describe('random loads leave the heap as it should be', () => {
  test('in time', () => {
    fc.assert(
      fc.property(scenes(60), (scene) => {
        expect(play(scene, false)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('by random schedules', () => {
    fc.assert(
      fc.property(scenes(30, [2, 4, 8]), (scene) => {
        expect(play(scene, true)).toEqual([]);
      }),
      { numRuns: BY_SCHEDULE },
    );
  });
});
