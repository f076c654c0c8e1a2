/** The options of every command that runs a program, and how they become a plan. */
import type { Command } from 'commander';
import type { RunPlan } from '../run/plan.ts';
import { collectSetting, wholeNumber } from './values.ts';

export interface RunOptions {
  readonly machine: string;
  readonly harts: number;
  readonly nodes?: number;
  readonly seed: number;
  readonly set?: ReadonlyMap<string, string>;
  readonly bare?: boolean;
  readonly maxSteps: number;
  readonly maxCycles?: number;
  readonly watchdog: number;
  readonly json?: boolean;
}

/** Enough for two nodes of the default machine. */
const DEFAULT_HARTS = 8;

/** Adds the shared options to a command. */
export function addRunOptions(command: Command): Command {
  return command
    .option('-m, --machine <preset>', 'machine preset (eddy list machines)', 'cc-numa')
    .option('-n, --harts <n>', 'number of harts', wholeNumber('--harts', 1), DEFAULT_HARTS)
    .option(
      '--nodes <n>',
      'number of nodes (default: as the preset groups the harts)',
      wholeNumber('--nodes', 1),
    )
    .option('-s, --seed <n>', 'chooses the interleaving', wholeNumber('--seed', 0), 1)
    .option(
      '--set <key=value>',
      'a field of the machine, kernel.*, or a parameter of the program',
      collectSetting,
    )
    .option('--bare', 'without a kernel: one thread on every hart')
    .option(
      '--max-steps <n>',
      'stop after so many instructions of all harts (status 4)',
      wholeNumber('--max-steps', 1),
      1e9,
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
 * @throws UsageError for anything unknown or out of range
 */
export async function planRun(target: string, options: RunOptions): Promise<RunPlan> {
  const { loadProgram, describeThrown } = await import('../load/load-program.ts');
  const { settle } = await import('../settings/settle.ts');
  const loaded = await loadProgram(target);
  const { machine, harts, nodes, seed, set = new Map(), bare = false } = options;
  return {
    program: loaded.program,
    ...settle({ program: loaded.program, preset: machine, harts, nodes, seed, bare, set }),
    bare,
    limits: {
      steps: options.maxSteps,
      cycles: options.maxCycles ?? Number.POSITIVE_INFINITY,
      watchdogSeconds: options.watchdog,
    },
    describe: (error) => describeThrown(error, (thrown) => loaded.locate(thrown)),
  };
}
