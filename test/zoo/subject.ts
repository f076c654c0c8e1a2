/** A bug of the zoo, or its correct twin, on a machine that was built for one execution. */
import { Machine, type Stop } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import type { Failure, Subject } from '../../lab/explore/subject.ts';
import { startBare } from '../../lab/load/start-bare.ts';
import type { Bug, Needs } from './bug.ts';
import type { Twins } from './table/measure.ts';

const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 1024, ways: 2, line: 64 },
  disk: { blocks: 8, seek: 0, transfer: 1 },
} as const;
const STEPS = 2000;

/** The machines, and the options of `eddy explore` that stand for them. */
const MACHINES = {
  'sequentially consistent': { preset: 'smp', storeBuffer: 0, options: [] },
  'store buffers': { preset: 'smp', storeBuffer: 8, options: ['--consistency', 'tso'] },
  'no coherence': { preset: 'ncc-numa', storeBuffer: 0, options: ['--machine', 'ncc-numa'] },
} as const satisfies Record<Needs | 'sequentially consistent', unknown>;

const machineOf = ({ runsOn }: Bug) => MACHINES[runsOn ?? 'sequentially consistent'];

/** The options with which `eddy explore` runs the bug on such a machine. */
export const optionsFor = (bug: Bug): readonly string[] => [
  ...(bug.harts === 2 ? [] : ['--harts', String(bug.harts)]),
  ...machineOf(bug).options,
];

/** The bug's program, to be searched. */
export function subjectOf(bug: Bug, form: 'faulty' | 'correct'): Subject {
  const { preset, storeBuffer } = machineOf(bug);
  const config = presetConfig(preset, { harts: bug.harts, set: { ...SMALL, storeBuffer } });
  return {
    steps: STEPS,
    start() {
      const machine = new Machine(config);
      startBare(machine, bug, [form === 'correct' ? 1 : 0]);
      return { machine, judge };
    },
  };
}

function judge(stop: Stop): Failure | undefined {
  switch (stop.kind) {
    case 'finished':
      return undefined;
    case 'deadlock':
      return { invariant: 'deadlock', message: 'harts wait for ever' };
    case 'crashed':
      return { invariant: 'assertion', message: stop.message };
    default:
      return { invariant: stop.kind, message: stop.kind };
  }
}

/** Both forms of a bug, to be measured. */
export const twinsOf = (bug: Bug): Twins => ({
  id: bug.id,
  harts: bug.harts,
  faulty: subjectOf(bug, 'faulty'),
  correct: subjectOf(bug, 'correct'),
});
