/** `eddy trace`: what happened inside each page fault, system call or interrupt of a run. */
import type { DefineCommand } from './index.ts';
import { addRunOptions, planRun, type RunOptions } from '../run-options.ts';
import { addReplayOptions, type ReplayOptions, withSchedule } from '../replay-options.ts';
import { oneOf, wholeNumber } from '../values.ts';
import { UsageError } from '../exit.ts';
import { ROOT_KINDS, type RootKind } from '../../trace/span-kinds.ts';

interface Options extends RunOptions, ReplayOptions {
  readonly kind?: RootKind;
  readonly limit?: number;
}

const KINDS = Object.keys(ROOT_KINDS) as RootKind[];

export const defineTrace: DefineCommand = (eddy, host, finish) => {
  addReplayOptions(
    addRunOptions(
      eddy
        .command('trace')
        .description('Run a program, and show its page faults (or system calls, …) step by step.')
        .argument('<program>', 'name (eddy list programs) or file (./mine.ts)'),
    ),
  )
    .option(
      '-k, --kind <kind>',
      `what to show: ${KINDS.join(', ')} (default: fault, or what the program says)`,
      oneOf('kind', KINDS),
    )
    .option(
      '--limit <n>',
      'show so many (default: 3 on a terminal, all with --json)',
      wholeNumber('--limit', 0),
    )
    .action(async (target: string, options: Options) => {
      if (options.bare) throw new UsageError('trace follows the kernel; a program run with --bare has none');
      const plan = await withSchedule(await planRun(target, options), options);
      const { trace } = await import('../../trace/trace-command.ts');
      finish(await trace(plan, { ...options, kind: options.kind ?? plan.program.trace }, host));
    });
};
