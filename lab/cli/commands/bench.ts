/** `eddy bench`: how fast the emulator itself is. */
import type { DefineCommand } from './index.ts';

export const defineBench: DefineCommand = (eddy, host) => {
  eddy
    .command('bench')
    .description('Measure the emulator: instructions and page faults per second of the host.')
    .option('--quick', 'a tenth of the work: figures for a first look')
    .option('--json', 'print the result as one JSON document')
    .option('--debug', 'show the stack of an internal fault')
    .action(async (options: { quick?: boolean; json?: boolean }) => {
      const { bench } = await import('../../bench/bench-command.ts');
      await bench(options, host);
    });
};
