/** `eddy run`: runs a program and shows what came of it. */
import type { DefineCommand } from './index.ts';
import { addRunOptions, planRun, type RunOptions } from '../run-options.ts';
import { addReplayOptions, type ReplayOptions, withSchedule } from '../replay-options.ts';
import { makeFolder } from '../make-folder.ts';
import { UsageError } from '../exit.ts';
import { oneOf } from '../values.ts';
import { REPORTS, type ReportKind, WITH_FILES } from '../../report/kinds.ts';
import { PARTS, type Part } from '../../run/parts.ts';
import { type DetectorChoice, parseDetectors } from '../../detect/choice.ts';
import { DETECTOR_IDS } from '../../detect/detectors.ts';

interface Options extends RunOptions, ReplayOptions {
  readonly trace?: string;
  readonly show?: readonly Part[];
  readonly report?: readonly ReportKind[];
  readonly out?: string;
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
    .option('--out <dir>', 'a folder for the files of the reports: CSV, SVG')
    .option('--detect <detectors>', `look for bugs: ${DETECTOR_IDS.join(', ')}, or all`, parseDetectors)
    .addHelpText('after', EXIT_HELP)
    .action(async (target: string, options: Options) => {
      const plan = await withSchedule(await planRun(target, options), options);
      if (options.out !== undefined) prepareOut(options.out, options.report ?? []);
      const { run } = await import('../../run/run-command.ts');
      finish(await run(plan, options, host));
    });
};

/** @throws UsageError when nothing would be written there, or nothing can be */
function prepareOut(folder: string, reports: readonly ReportKind[]): void {
  if (!reports.some((kind) => WITH_FILES.has(kind)))
    throw new UsageError(`--out ${folder}: reports with files are --report ${[...WITH_FILES].join(',')}`);
  makeFolder(folder);
}

const EXIT_HELP = `
Exit status: 0 ok, 1 a check failed, 2 wrong usage, 3 the program crashed or
broke an invariant, 4 a budget ran out, 5 deadlock, 70 a fault of the emulator.`;
