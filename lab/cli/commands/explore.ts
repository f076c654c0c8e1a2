/** `eddy explore`: searches the schedules of a program for one that breaks something. */
import type { DefineCommand } from './index.ts';
import { STRATEGIES, type Strategy } from '../../explore/strategies.ts';
import { UsageError } from '../exit.ts';
import { addRunOptions, planRun, type RunOptions } from '../run-options.ts';
import { oneOf, wholeNumber } from '../values.ts';

interface Options extends RunOptions {
  readonly strategy: Strategy;
  readonly schedules: number;
  readonly depth: number;
  readonly seconds: number;
}

const DEFAULTS = { harts: 2, steps: 100_000 };
/** A machine is built for each schedule, so it is a small one. What `--set` says comes first. */
const SMALL_BARE: Settings = [
  ['memoryPerNode', String(1 << 20)],
  ['disk.blocks', '8'],
];
const SMALL: Settings = [['memoryPerNode', String(1 << 22)]];

type Settings = readonly (readonly [string, string])[];

export const defineExplore: DefineCommand = (eddy, host, finish) => {
  addRunOptions(
    eddy
      .command('explore')
      .description('Search the schedules of a program for one that breaks something.')
      .argument('<program>', 'name (eddy list programs) or file (./mine.ts)'),
    DEFAULTS,
  )
    .option(
      '--strategy <name>',
      `how to search: ${STRATEGIES.join(', ')}`,
      oneOf('strategy', STRATEGIES),
      'bound',
    )
    .option('--schedules <n>', 'schedules to run at most', wholeNumber('--schedules', 1), 100_000)
    .option(
      '--depth <n>',
      'bound: preemptions at most; pct: how many steps must come in a certain order',
      wholeNumber('--depth', 0),
      3,
    )
    .option('--seconds <n>', 'host seconds to search at most', wholeNumber('--seconds', 1), 60)
    .addHelpText('after', EXIT_HELP)
    .action(async (target: string, options: Options) => {
      if (!options.bare && options.strategy === 'dpor')
        throw new UsageError('--strategy dpor: only for programs without a kernel; add --bare');
      if (options.strategy === 'pct' && options.depth < 1)
        throw new UsageError('--depth 0: the least that is possible with pct is 1');
      const set = new Map([...(options.bare ? SMALL_BARE : SMALL), ...(options.set ?? [])]);
      const plan = await planRun(target, { ...options, set });
      const { explore } = await import('../../explore/explore-command.ts');
      // What a kernel does with its memory depends on how much there is; a bare program's does not.
      const shown = options.bare ? options : { ...options, set };
      finish(explore(plan, runCommand(target, shown), options, host));
    });
};

/** The command that runs the program on the same machine. */
function runCommand(target: string, options: Options): string {
  const { machine, harts, nodes, seed, coherence, consistency, maxSteps } = options;
  const given = {
    machine: machine === 'cc-numa' ? undefined : machine,
    harts,
    nodes,
    seed: seed === 1 ? undefined : seed,
    coherence,
    consistency,
    'max-steps': maxSteps === DEFAULTS.steps ? undefined : maxSteps,
  };
  const words = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${value}`],
  );
  const set = [...(options.set ?? [])].map(([key, value]) => `--set ${key}=${value}`);
  return ['eddy run', ...(options.bare ? ['--bare'] : []), target, ...words, ...set].join(' ');
}

const EXIT_HELP = `
Exit status: 0 nothing broke, 2 wrong usage, 3 a schedule was found that breaks
something, 70 a fault of the emulator.`;
