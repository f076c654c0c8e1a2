/** `eddy check-determinism`: whether two runs of one seed are the same, event by event. */
import type { DefineCommand } from './index.ts';
import { addRunOptions, planRun, type RunOptions } from '../run-options.ts';

export const defineCheckDeterminism: DefineCommand = (eddy, host, finish) => {
  addRunOptions(
    eddy
      .command('check-determinism')
      .description('Run a program twice, and name the first event that differs, if any does.')
      .argument('<program>', 'name (eddy list programs) or file (./mine.ts)'),
  ).action(async (target: string, options: RunOptions) => {
    const plan = await planRun(target, options);
    const { checkDeterminism } = await import('../../determinism/command.ts');
    finish(await checkDeterminism(plan, options, host));
  });
};
