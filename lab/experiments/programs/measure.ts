/**
 * Measures one cell: one of the parallel programs under the kernel, with a kind of lock and of barrier. The program says
 * itself how long it took, between two meetings of all members, and whether its answer was right.
 */
import { Machine } from '../../../hw/machine.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { barrierKinds, lockKinds, type Program } from '../../../userland/index.ts';
import bnb from '../../../userland/programs/bnb.ts';
import hashtable from '../../../userland/programs/hashtable.ts';
import matmul from '../../../userland/programs/matmul.ts';
import sor from '../../../userland/programs/sor.ts';
import wordcount from '../../../userland/programs/wordcount.ts';
import { parameterWordsOf } from '../../settings/parameters.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { VARIANTS } from '../synchronization/machines.ts';

/** For all nodes together: what the largest of these programs maps, and the kernel. */
const MEMORY = 64 << 20;
const LEAST_PER_NODE = 1 << 20;

interface Work {
  readonly program: Program;
  /** How much there is to do, at a scale. */
  readonly sizes: (scale: number) => Readonly<Record<string, number>>;
}

/** The programs, those whose members write least to what others use first. */
const WORKS: Readonly<Record<string, Work>> = {
  sor: { program: sor, sizes: (scale) => ({ size: 64 * scale, sweeps: 4 }) },
  matmul: { program: matmul, sizes: (scale) => ({ size: 32 * scale }) },
  wordcount: { program: wordcount, sizes: (scale) => ({ bytes: 32_768 * scale, piece: 512 }) },
  bnb: { program: bnb, sizes: (scale) => ({ cities: 8 + scale }) },
  hashtable: {
    program: hashtable,
    sizes: (scale) => ({ operations: 3200 * scale, buckets: 128 * scale, keys: 256 * scale }),
  },
};

export const PROGRAM_NAMES: readonly string[] = Object.keys(WORKS);

export function measureProgram(cell: Cell, settings: Settings): Row {
  const harts = cell['harts'] as number;
  const { cycles, right } = run(cell, harts, settings);
  const alone = aloneOf(cell, settings);
  return { cycles, speedup: alone / cycles, overhead: harts * cycles - alone, right };
}

interface Outcome {
  readonly cycles: number;
  readonly right: boolean;
}

/** What one hart takes, by cell and settings: many cells ask for the same, and always get the same. */
const known = new Map<string, number>();

function aloneOf(cell: Cell, settings: Settings): number {
  const key = JSON.stringify([{ ...cell, harts: 1 }, settings]);
  const cycles = known.get(key) ?? run(cell, 1, settings).cycles;
  known.set(key, cycles);
  return cycles;
}

function run(cell: Cell, harts: number, settings: Settings): Outcome {
  const { preset, set } = VARIANTS[cell['machine'] as string] as (typeof VARIANTS)[string];
  const { program, sizes } = WORKS[cell['program'] as string] as Work;
  const { nodes } = configFor(preset, { harts, set }, settings);
  const memoryPerNode = Math.max(LEAST_PER_NODE, 2 ** Math.floor(Math.log2(MEMORY / nodes)));
  const machine = new Machine(configFor(preset, { harts, set: { ...set, memoryPerNode } }, settings));
  const parameters = parameterWordsOf(program, {
    ...sizes(settings.parameters['scale'] as number),
    lock: lockKinds.ids.indexOf(cell['lock'] as string),
    barrier: barrierKinds.ids.indexOf(cell['barrier'] as string),
  });
  try {
    bootKernel(machine, { entry: program.entry, parameters });
  } catch (error) {
    if (error instanceof RangeError) throw new NotMeasured(error.message);
    throw error;
  }
  const stop = machine.run();
  const cycles = /: (\d+) cycles\n/.exec(machine.console.text())?.[1];
  if (cycles === undefined) throw new Error(`${program.name} did not end: ${JSON.stringify(stop)}`);
  return { cycles: Number(cycles), right: stop.kind === 'halted' && stop.status === 0 };
}
