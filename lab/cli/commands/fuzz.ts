/** `eddy fuzz`: random programs of system calls against the kernel. */
import type { DefineCommand } from './index.ts';
import { wholeNumber } from '../values.ts';

interface Options {
  readonly programs: number;
  readonly seed: number;
  readonly seconds: number;
  readonly jobs?: number;
  readonly replay?: string;
  readonly json?: boolean;
}

export const defineFuzz: DefineCommand = (eddy, host, finish) => {
  eddy
    .command('fuzz')
    .description('Run random programs of system calls: the kernel must not break, whatever they do.')
    .option('--programs <n>', 'how many to run', wholeNumber('--programs', 1), 1000)
    .option(
      '-s, --seed <n>',
      'chooses the programs, their machines and schedules',
      wholeNumber('--seed', 0),
      1,
    )
    .option('--seconds <n>', 'watchdog: host seconds after which to end', wholeNumber('--seconds', 1), 3600)
    .option('-j, --jobs <n>', 'threads to run on (default: one per core)', wholeNumber('--jobs', 1))
    .option('--replay <program>', 'run this program instead: as a failure prints it, or a file with it')
    .option('--json', 'print the result as one JSON document')
    .option('--debug', 'show the stack of an internal fault')
    .addHelpText('after', EXIT_HELP)
    .action(async (options: Options) => {
      const { availableParallelism } = await import('node:os');
      const { fuzz } = await import('../../fuzz/fuzz-command.ts');
      finish(await fuzz({ ...options, jobs: options.jobs ?? availableParallelism() }, host));
    });
};

const EXIT_HELP = `
Exit status: 0 nothing broke, 2 wrong usage, 3 the kernel failed, 4 the watchdog
ended it, 70 a fault of the emulator.`;
