/** `eddy run`: runs a program and shows what came of it. */
import type { DefineCommand } from './index.ts';
import { addRunOptions, planRun, type RunOptions } from '../run-options.ts';
import { addReplayOptions, type ReplayOptions, withSchedule } from '../replay-options.ts';
import { oneOf } from '../values.ts';
import { REPORTS, type ReportKind } from '../../report/kinds.ts';
import { PARTS, type Part } from '../../run/parts.ts';
import { type DetectorChoice, parseDetectors } from '../../detect/choice.ts';
import { DETECTOR_IDS } from '../../detect/detectors.ts';

interface Options extends RunOptions, ReplayOptions {
  readonly trace?: string;
  readonly show?: readonly Part[];
  readonly report?: readonly ReportKind[];
  readonly detect?: DetectorChoice;
}

const parseParts = (text: string): readonly Part[] => {
  if (text === 'all') return PARTS;
  return text === 'none' ? [] : text.split(',').map(oneOf('part', PARTS));
};

const parseReports = (text: string): readonly ReportKind[] => text.split(',').map(oneOf('report', REPORTS));

export const defineRun: DefineCommand = (eddy, host, finish) => {
  addReplayOptions(
    addRunOptions(
      eddy
        .command('run')
        .description('Run a program: a listed name, or a TypeScript file of your own.')
        .argument('<program>', 'name (eddy list programs) or file (./mine.ts)'),
    ),
  )
    .option('--trace <file>', 'write the trace events of the run to a file, one JSON line each')
    .option('--show <parts>', `what to draw besides the output: ${PARTS.join(',')}, all or none`, parseParts)
    .option('--report <kinds>', `what to report on after the run: ${REPORTS.join(',')}`, parseReports)
    .option('--detect <detectors>', `look for bugs: ${DETECTOR_IDS.join(', ')}, or all`, parseDetectors)
    .addHelpText('after', EXIT_HELP)
    .action(async (target: string, options: Options) => {
      const plan = await withSchedule(await planRun(target, options), options);
      const { run } = await import('../../run/run-command.ts');
      finish(await run(plan, options, host));
    });
};

const EXIT_HELP = `
Exit status: 0 ok, 1 a check failed, 2 wrong usage, 3 the program crashed or
broke an invariant, 4 a budget ran out, 5 deadlock, 70 a fault of the emulator.`;
