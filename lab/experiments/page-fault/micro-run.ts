/** The program `micro` under a kernel: when its workers work, and what they tell each other meanwhile. */
import type { Machine as Hardware } from '../../../hw/machine.ts';
import { Machine } from '../../../hw/machine.ts';
import { bootKernel, type KernelOptions } from '../../../kernel/index.ts';
import micro from '../../../userland/programs/micro.ts';
import { fileServers } from '../../../userland/servers/index.ts';
import { emptyExt2 } from '../../files/empty-ext2.ts';
import { parameterWords } from '../../settings/parameters.ts';
import { configFor } from '../framework/bare-machine.ts';
import type { Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { recordStretches, type Stretch } from '../ppc/place-events.ts';

const MEMORY_PER_NODE = 16 << 20;
/** One hart makes all processes: with 64 of them, it needs more references than are usual on such a machine. */
const REFS_PER_HART = 512;

export interface MicroRun {
  readonly machine: string;
  readonly harts: number;
  readonly options: KernelOptions;
  /** Parameters of the program, as they are written. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Whether there are a file server and its disk. Default: no. */
  readonly files?: boolean;
  /** Looks on. */
  readonly watch?: (machine: Hardware) => void;
}

/**
 * Runs it, a worker on every hart; gives from when until when each worked.
 * @throws NotMeasured when there is no such machine, or the kernel does not fit it
 */
export function runMicro(run: MicroRun, settings: Settings): readonly Stretch[] {
  const { harts, parameters, files = false } = run;
  const options = { refsPerHart: REFS_PER_HART, ...run.options };
  const config = configFor(run.machine, { harts, set: { memoryPerNode: MEMORY_PER_NODE } }, settings);
  const machine = new Machine(config);
  if (files) putFiles(machine.disk.image);
  const servers = files ? fileServers : [];
  const stretches = recordStretches(machine, 'begin', 'end');
  run.watch?.(machine);
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const);
  try {
    const words = parameterWords(micro, new Map(texts));
    bootKernel(machine, { entry: micro.entry, parameters: words, options, servers });
  } catch (error) {
    if (error instanceof RangeError) throw new NotMeasured(error.message);
    throw error;
  }
  const stop = machine.run();
  if (stop.kind !== 'halted' || stop.status !== 0)
    throw new Error(`the program failed: ${JSON.stringify(stop)} ${machine.console.text()}`);
  if (stretches.length !== harts) throw new Error(`${stretches.length} of ${harts} workers worked`);
  return stretches;
}

/** Puts an empty file system on a disk. */
function putFiles(disk: Uint8Array): void {
  const image = emptyExt2();
  if (disk.length < image.length)
    throw new NotMeasured(`fstat: a disk of ${image.length} bytes at least is needed`);
  disk.set(image);
}

/** Cycles of an operation, the mean of all workers. */
export const perOperation = (stretches: readonly Stretch[], operations: number): number =>
  stretches.reduce((sum, { begin, end }) => sum + end - begin, 0) / stretches.length / operations;
