/** `eddy experiment`: reproduces a published result. */
import type { DefineCommand } from './index.ts';
import { collectSetting, wholeNumber } from '../values.ts';

interface Options {
  readonly out?: string;
  readonly jobs?: number;
  readonly seed: number;
  readonly set?: ReadonlyMap<string, string>;
  readonly harts?: string;
  readonly lock?: string;
  readonly barrier?: string;
  readonly quick?: boolean;
  readonly json?: boolean;
}

export const defineExperiment: DefineCommand = (eddy, host, finish) => {
  eddy
    .command('experiment')
    .description('Reproduce a published result: measure a sweep, and judge each claim by its rows.')
    .argument('<id>', 'name (eddy list experiments)')
    .option('-o, --out <dir>', 'write CSV, JSON and SVG files into this folder')
    .option('-j, --jobs <n>', 'threads to measure on (default: one per core)', wholeNumber('--jobs', 1))
    .option('-s, --seed <n>', 'chooses the interleavings', wholeNumber('--seed', 0), 1)
    .option(
      '--set <key=value>',
      'values of a factor (machine=smp,cc-numa), a parameter, or a field of the machines',
      collectSetting,
    )
    .option('-n, --harts <list>', 'numbers of harts: 2,8 or 2..64, as --set harts=')
    .option('--lock <file>', 'a lock of your own, measured beside ours (locks, grading); ours: --set lock=')
    .option('--barrier <file>', 'a barrier of your own (barriers); ours: --set barrier=')
    .option('--quick', 'a small sweep, for a first look')
    .option('--json', 'print the result as one JSON document')
    .option('--debug', 'show the stack of an internal fault')
    .addHelpText('after', '\nExit status: 0 no claim failed, 1 a claim failed, 2 wrong usage.')
    .action(async (id: string, options: Options) => {
      const { experimentCommand } = await import('../../experiments/experiment-command.ts');
      const { harts } = options;
      const set = new Map([
        ...(options.set ?? []),
        ...(harts === undefined ? [] : [['harts', harts] as const]),
      ]);
      finish(await experimentCommand(id, { ...options, set }, host));
    });
};
