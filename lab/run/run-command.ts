/** Carries out `eddy run`: the program's output as it comes, then the verdict; or one JSON document. */
import type { Host } from '../cli/host.ts';
import type { DetectorChoice } from '../detect/choice.ts';
import type { Detection } from '../detect/detection.ts';
import type { ReportKind } from '../report/kinds.ts';
import { TraceFile } from '../trace/trace-file.ts';
import { drawFindings } from '../view/findings.ts';
import { progressFor } from '../view/progress-bar.ts';
import type { Part } from './parts.ts';
import type { RunPlan } from './plan.ts';
import { resultOf, type RunResult } from './result.ts';
import { type RunObserver, RunSession } from './session.ts';

export interface RunCommandOptions {
  readonly json?: boolean;
  /** File for the trace events. */
  readonly trace?: string;
  /** What to draw besides the output; nothing for most programs. */
  readonly show?: readonly Part[];
  /** What to report on after the run. */
  readonly report?: readonly ReportKind[];
  /** Folder for the files of the reports; it exists. */
  readonly out?: string;
  /** Which bugs to look for. */
  readonly detect?: DetectorChoice;
}

/** Runs the plan; gives the exit status. */
export async function run(plan: RunPlan, options: RunCommandOptions, host: Host): Promise<number> {
  const { program, limits } = plan;
  const parts = options.json ? [] : (options.show ?? (program.name === 'tour' ? undefined : []));
  const bar = progressFor(host, program.name, limits.steps);
  const looking: { detection?: Detection } = {};
  const observer: RunObserver = {
    progress: (steps) => bar.update(steps),
    isStuck: () => looking.detection?.isStuck ?? false,
  };
  let guide:
    | {
        observer: RunObserver;
        begin(session: RunSession): void;
        finish(session: RunSession, result: RunResult): void;
      }
    | undefined;
  if (parts === undefined || parts.length > 0) {
    const { Guide } = await import('./guide.ts');
    guide = new Guide(plan, parts, host);
  }
  const line = guide?.observer.line ?? ((text: string) => options.json || host.out(`${text}\n`));
  const reports = await reportsFor(options.report ?? []);
  const session = new RunSession(reports?.prepared(plan) ?? plan, { ...observer, line });
  reports?.watch(session.machine);
  const image = plan.diskFile === undefined ? undefined : await hostImage(plan.diskFile, session);
  if (options.detect !== undefined) looking.detection = await detectionFor(session, options.detect);
  const file = options.trace === undefined ? undefined : openTrace(options.trace, plan);
  if (file !== undefined) session.machine.trace.attach(file);
  guide?.begin(session);
  const start = performance.now();
  const ending = session.run();
  const seconds = (performance.now() - start) / 1000;
  bar.done();
  file?.close();
  image?.close();
  reports?.close();
  const findings = looking.detection?.finish(ending.kind === 'deadlock');
  for (const where of session.replay?.divergences() ?? []) host.err(`eddy: replay: ${where}\n`);
  const result: RunResult = { ...resultOf(session, ending, seconds, findings), ...reports?.document() };
  if (options.out !== undefined) reports?.write(options.out, `${program.name} on ${plan.config.preset}`);
  if (options.json) host.out(`${JSON.stringify(result, null, 2)}\n`);
  guide?.finish(session, result);
  if (!options.json) {
    reports?.draw(host);
    drawFindings(findings ?? [], host);
  }
  if (result.exit.message !== undefined) host.err(`eddy: ${result.exit.message}\n`);
  else if (!options.json) host.err(`${summary(result)}\n`);
  return result.exit.status;
}

/** Nothing is loaded, and nothing costs anything, where nobody wants a report. */
async function reportsFor(kinds: readonly ReportKind[]) {
  if (kinds.length === 0) return undefined;
  const { Reports } = await import('../report/reports.ts');
  return new Reports(kinds);
}

async function hostImage(file: string, { machine }: RunSession) {
  const { HostImage } = await import('../files/host-image.ts');
  return new HostImage(file, machine.disk);
}

async function detectionFor({ machine, plan }: RunSession, choice: DetectorChoice): Promise<Detection> {
  const { Detection } = await import('../detect/detection.ts');
  return new Detection(machine, { bare: plan.bare, ...choice });
}

const openTrace = (path: string, { program, config, bare }: RunPlan): TraceFile =>
  new TraceFile(path, {
    program: program.name,
    machine: config.preset,
    nodes: config.nodes,
    seed: config.seed,
    bare,
  });

/** One line about a run that went well. */
function summary({ program, instructions, cycles, harts, hostSeconds }: RunResult): string {
  const count = (value: number): string => value.toLocaleString('en');
  return `${program}: ok, ${count(instructions)} instructions in ${count(cycles)} cycles on ${harts} hart${harts === 1 ? '' : 's'} (${hostSeconds.toFixed(2)} s)`;
}
