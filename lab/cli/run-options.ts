/** The options of every command that runs a program, and how they become a plan. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { DISK_BLOCK } from '../../hw/address-map.ts';
import type { MachineConfig } from '../../hw/config.ts';
import type { RunPlan } from '../run/plan.ts';
import type { Need } from '../../userland/program.ts';
import { LIMIT } from '../../kernel/abi/index.ts';
import type { Settled } from '../settings/settle.ts';
import { diskKindOf } from '../files/ext2-disk.ts';
import { UsageError } from './exit.ts';
import { unknown } from './nearest.ts';
import { collectSetting, wholeNumber } from './values.ts';

export interface RunOptions {
  readonly machine: string;
  readonly harts: number;
  readonly nodes?: number;
  readonly seed: number;
  readonly coherence?: string;
  readonly consistency?: string;
  readonly set?: ReadonlyMap<string, string>;
  readonly lock?: string;
  readonly barrier?: string;
  readonly bare?: boolean;
  readonly disk?: string;
  readonly maxSteps: number;
  readonly maxCycles?: number;
  readonly watchdog: number;
  readonly json?: boolean;
}

/** Enough for two nodes of the default machine. */
const DEFAULT_HARTS = 8;

/** Steps after which a run is given up. */
const DEFAULT_STEPS = 1e9;

/** Adds the shared options to a command. */
export function addRunOptions(
  command: Command,
  { harts = DEFAULT_HARTS, steps = DEFAULT_STEPS } = {},
): Command {
  return command
    .option('-m, --machine <preset>', 'machine preset (eddy list machines)', 'cc-numa')
    .option('-n, --harts <n>', 'number of harts', wholeNumber('--harts', 1), harts)
    .option(
      '--nodes <n>',
      'number of nodes (default: as the preset groups the harts)',
      wholeNumber('--nodes', 1),
    )
    .option('-s, --seed <n>', 'chooses the interleaving', wholeNumber('--seed', 0), 1)
    .option('--coherence <kind>', 'what a write does to other copies: invalidate, update or none')
    .option('--consistency <model>', 'sc, or tso: harts get store buffers')
    .option(
      '--set <key=value>',
      'a field of the machine, kernel.*, or a parameter of the program',
      collectSetting,
    )
    .option(
      '--lock <kind>',
      'kind of lock, if the program takes one (eddy list locks), or a file of your own',
    )
    .option('--barrier <kind>', 'kind of barrier (eddy list barriers), or a file of your own')
    .option(
      '--disk <file>',
      'a file with which the disk begins; with an ext2 file system, the program has files, and `run` writes it',
    )
    .option('--bare', 'without a kernel: one thread on every hart')
    .option(
      '--max-steps <n>',
      'stop after so many instructions of all harts (status 4)',
      wholeNumber('--max-steps', 1),
      steps,
    )
    .option('--max-cycles <n>', 'stop at this cycle (status 4)', wholeNumber('--max-cycles', 1))
    .option(
      '--watchdog <seconds>',
      'host time that a program may take to yield',
      wholeNumber('--watchdog', 1),
      5,
    )
    .option('--json', 'print the result as one JSON document')
    .option('--debug', 'show the stack of an internal fault');
}

/**
 * Loads the program and builds the plan.
 * @param isChecked whether its types were checked before
 * @throws UsageError for anything unknown or out of range
 */
export async function planRun(target: string, options: RunOptions, isChecked = false): Promise<RunPlan> {
  const { loadProgram, describeThrown } = await import('../load/load-program.ts');
  const { loadKinds, checkBareKinds } = await import('../load/load-kind.ts');
  const { loadScheduler } = await import('../load/load-scheduler.ts');
  const { settle } = await import('../settings/settle.ts');
  const loaded = await loadProgram(target, isChecked);
  const { machine, harts, nodes, seed, bare = false } = options;
  const set = new Map([...memoryModel(options), ...(options.set ?? [])]);
  const { program } = loaded;
  const kinds = await loadKinds(program, options, isChecked);
  const { words } = kinds;
  const own = await loadScheduler(set, isChecked);
  const settled = settle({ program, preset: machine, harts, nodes, seed, bare, set: own.set, words });
  if (bare) checkBareKinds(program, settled.parameters);
  const { disk } = options;
  return {
    program,
    ...settled,
    ...(own.scheduler === undefined
      ? {}
      : { kernelOptions: { ...settled.kernelOptions, scheduler: own.scheduler } }),
    bare,
    ...diskPlan(disk, settled, bare, program.needs),
    limits: {
      steps: options.maxSteps,
      cycles: options.maxCycles ?? Number.POSITIVE_INFINITY,
      watchdogSeconds: options.watchdog,
    },
    describe: (error) =>
      describeThrown(error, (thrown) => loaded.locate(thrown) ?? kinds.locate(thrown) ?? own.locate(thrown)),
  };
}

/** Blocks of a page of swap. */
const BLOCKS_OF_PAGE = LIMIT.PAGE / DISK_BLOCK;

/** The disk, and the servers that it takes. */
function diskPlan(
  file: string | undefined,
  { config, kernelOptions: { swap = 0 } }: Settled,
  bare: boolean,
  needs: readonly Need[],
): Pick<RunPlan, 'disk' | 'servers' | 'diskFile'> {
  const disk = file === undefined ? undefined : readDisk(file, config);
  const kind = disk === undefined ? undefined : diskKindOf(disk);
  if (kind?.kind === 'refused')
    throw new UsageError(
      `--disk ${file}: its file system has the feature ${kind.feature}; make it with mke2fs -t ext2`,
    );
  if (needs.includes('files') && kind?.kind !== 'ext2')
    throw new UsageError(
      'it needs files: make an image by mke2fs -t ext2 -d DIRECTORY IMAGE 8M, then --disk IMAGE',
    );
  if (disk === undefined || file === undefined) return {};
  if (kind?.kind === 'ext2' && disk.length > (config.disk.blocks - swap * BLOCKS_OF_PAGE) * DISK_BLOCK)
    throw new UsageError(
      `--set kernel.swap=${swap}: the file system of ${file} reaches into the last ${swap} pages of the disk; take more blocks by --set disk.blocks=${disk.length / DISK_BLOCK + swap * BLOCKS_OF_PAGE}`,
    );
  return kind?.kind === 'ext2' && !bare ? { disk, servers: kind.servers, diskFile: file } : { disk };
}

/** The content of a file for the disk. */
function readDisk(file: string, { disk: { blocks } }: MachineConfig): Uint8Array {
  let content: Uint8Array;
  try {
    content = readFileSync(file);
  } catch (error) {
    throw new UsageError(`--disk ${file}: ${(error as Error).message}`);
  }
  const wanted = Math.ceil(content.length / DISK_BLOCK);
  if (wanted <= blocks) return content;
  throw new UsageError(`--disk ${file}: the disk has ${blocks} blocks; --set disk.blocks=${wanted} fits it`);
}

const STORE_BUFFER: Readonly<Record<string, string>> = { sc: '0', tso: '8' };

/** The settings that `--coherence` and `--consistency` stand for. */
function memoryModel({ coherence, consistency }: RunOptions): Map<string, string> {
  const set = new Map<string, string>();
  if (coherence !== undefined) set.set('coherence', coherence);
  if (consistency === undefined) return set;
  const entries = STORE_BUFFER[consistency];
  if (entries === undefined)
    throw new UsageError(unknown('consistency', consistency, Object.keys(STORE_BUFFER)));
  return set.set('storeBuffer', entries);
}
