/** Carries out `eddy experiment`. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { EXIT, UsageError } from '../cli/exit.ts';
import type { Host } from '../cli/host.ts';
import { makeFolder } from '../cli/make-folder.ts';
import { unknown } from '../cli/nearest.ts';
import { type KindChoices, SORT_NAMES } from '../load/load-kind.ts';
import { progressFor } from '../view/progress-bar.ts';
import { EXPERIMENTS, findExperiment } from './catalogue.ts';
import { conduct, type ExperimentResult } from './framework/conduct.ts';
import type { Experiment } from './framework/experiment.ts';
import { type SettingChoices, settingsFor } from './framework/settings.ts';
import { cellsOf } from './framework/sweep.ts';
import { withOwnKinds } from './own-kinds.ts';
import { toCsv } from './report/csv.ts';
import { drawResult } from './report/draw.ts';
import { drawFigure } from './report/svg.ts';

export interface ExperimentOptions extends SettingChoices {
  readonly out?: string;
  readonly jobs?: number;
  readonly json?: boolean;
}

/** Conducts the experiment, prints what came of it, and gives the exit status. */
export async function experimentCommand(id: string, options: ExperimentOptions, host: Host): Promise<number> {
  const found = findExperiment(id);
  if (found === undefined) {
    const ids = EXPERIMENTS.map((candidate) => candidate.id);
    throw new UsageError(unknown('experiment', id, ids));
  }
  checkTaken(found, options);
  const experiment = await withOwnKinds(found, options);
  const settings = settingsFor(experiment, options);
  if (options.out !== undefined) makeFolder(options.out);
  const bar = progressFor(host, experiment.id, cellsOf(experiment, settings).length, 'cells');
  const result = await conduct(experiment, settings, {
    jobs: options.jobs ?? availableParallelism(),
    progress: (done) => bar.update(done),
  });
  bar.done();
  if (options.out !== undefined) await write(experiment, result, options.out);
  if (options.json) host.out(`${JSON.stringify(result, null, 2)}\n`);
  else host.out(drawResult(experiment, result, host));
  return result.claims.some(({ verdict }) => verdict === 'fails') ? EXIT.checkFailed : EXIT.ok;
}

/** @throws UsageError when the experiment takes no kind of the user's own */
function checkTaken({ id, takes }: Experiment, choices: KindChoices): void {
  for (const sort of SORT_NAMES) {
    if (choices[sort] === undefined || takes?.[sort] !== undefined) continue;
    const takers = EXPERIMENTS.filter((experiment) => experiment.takes?.[sort] !== undefined);
    const names = takers.map((taker) => taker.id).join(', ');
    throw new UsageError(`experiment ${id} takes no --${sort}; those that do: ${names}`);
  }
}

/** The rows as CSV, everything as JSON, and each figure as SVG. */
async function write(experiment: Experiment, result: ExperimentResult, folder: string): Promise<void> {
  const save = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  save(`${experiment.id}.csv`, toCsv(experiment, result.rows));
  save(`${experiment.id}.json`, `${JSON.stringify(result, null, 2)}\n`);
  for (const figure of experiment.figures) {
    save(`${experiment.id}-${figure.name}.svg`, await drawFigure(figure, result.rows));
  }
}
