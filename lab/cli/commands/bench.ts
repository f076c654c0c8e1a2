/** `eddy bench`: how fast the emulator itself is. */
import type { DefineCommand } from './index.ts';
import type { BenchOptions } from '../../bench/bench-command.ts';

export const defineBench: DefineCommand = (eddy, host, finish) => {
  eddy
    .command('bench')
    .description('Measure the emulator: instructions, page faults and schedules per second of the host.')
    .option('--quick', 'a twentieth of the work: figures for a first look')
    .option(
      '--against <file>',
      'compare with an earlier result of --json; a figure twice as bad is exit status 1',
    )
    .option('--json', 'print the result as one JSON document')
    .option('--debug', 'show the stack of an internal fault')
    .action(async (options: BenchOptions) => {
      const { bench } = await import('../../bench/bench-command.ts');
      finish(await bench(options, host));
    });
};
