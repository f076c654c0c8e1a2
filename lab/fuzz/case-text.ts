/**
 * Cases as text: a user program with two lines before it.
 *
 *     on cc-numa harts=2 nodes=1 seed=7 memoryPerNode=524288 kernel.slice=30000
 *     schedule timed
 *     thread 0
 *       ...
 *
 * The first names the machine, and what of it or of the kernel is not as usual. A line `faults diskError 3` may follow. A schedule is `timed`; `random 7`, an
 * arbiter that draws at each step; or switches as `eddy explore` prints them.
 */
import { valueAt } from '../../hw/check-config.ts';
import { hartCount } from '../../hw/config.ts';
import { presetConfig } from '../../hw/presets.ts';
import { Actors } from '../../hw/sequencer/actors.ts';
import { planKernel } from '../../kernel/index.ts';
import { UsageError } from '../cli/exit.ts';
import { parseSchedule as parseSwitches } from '../explore/schedule.ts';
import { fieldPaths } from '../settings/config-fields.ts';
import { parseNumber } from '../settings/number.ts';
import { settle } from '../settings/settle.ts';
import { programOf } from '../testing/programs/program-of.ts';
import { formatUserProgram, linesOf, parseUserProgram } from '../testing/programs/text.ts';
import { formatFaults, parseFaults } from './fault-text.ts';
import { type CaseSchedule, type FuzzCase, TIMED } from './fuzz-case.ts';

/** What of a case's machine and kernel is not as usual, by key as `--set` takes it. */
export function settingsOf({
  config,
  kernelOptions,
}: Pick<FuzzCase, 'config' | 'kernelOptions'>): Map<string, string> {
  const { preset, nodes, seed } = config;
  const usual = presetConfig(preset, { harts: hartCount(config), nodes, seed });
  const fields = fieldPaths(usual)
    .filter((path) => valueAt(config, path) !== valueAt(usual, path))
    .map((path) => [path, String(valueAt(config, path))] as const);
  const options = Object.entries(kernelOptions).map(
    ([name, value]) => [`kernel.${name}`, String(value)] as const,
  );
  return new Map([...fields, ...options]);
}

/** The machine and kernel of a case as text. */
export function formatMachine(fuzz: Pick<FuzzCase, 'config' | 'kernelOptions'>): string {
  const { preset, nodes, seed } = fuzz.config;
  const shape = Object.entries({ harts: hartCount(fuzz.config), nodes, seed });
  return [preset, ...[...shape, ...settingsOf(fuzz)].map(([key, value]) => `${key}=${value}`)].join(' ');
}

/** The schedule of a case as text. */
export function scheduleText(schedule: CaseSchedule): string {
  switch (schedule.kind) {
    case 'timed':
      return 'timed';
    case 'random':
      return `random ${schedule.seed}`;
    case 'switches':
      return schedule.text;
  }
}

/** A case as text, which `parseCase` reads. */
export const formatCase = (fuzz: FuzzCase): string =>
  [
    `on ${formatMachine(fuzz)}`,
    ...(fuzz.faults.length === 0 ? [] : [`faults ${formatFaults(fuzz.faults)}`]),
    `schedule ${scheduleText(fuzz.schedule)}`,
    formatUserProgram(fuzz.program),
  ].join('\n');

const SMALL_MACHINE = 'cc-numa harts=2 memoryPerNode=1M';

/**
 * Reads a case. Without a line about the machine it is a small one, without one about the schedule it is timed.
 * @throws UsageError when the text is none, or its machine cannot be built
 */
export function parseCase(text: string): FuzzCase {
  const lines = linesOf(text);
  const taken = (word: string): string | undefined => {
    const at = lines.findIndex((line) => line.startsWith(`${word} `));
    return at < 0 ? undefined : lines.splice(at, 1)[0]?.slice(word.length + 1);
  };
  const [machine = SMALL_MACHINE, faults] = [taken('on'), taken('faults')];
  const schedule = taken('schedule');
  const program = parseUserProgram(lines.join('\n'));
  const { config, kernelOptions } = parseMachine(machine, program);
  const actors = new Actors(hartCount(config), config.nodes);
  return {
    config,
    kernelOptions,
    faults: faults === undefined ? [] : parseFaults(faults),
    schedule: schedule === undefined ? TIMED : parseSchedule(schedule, actors),
    program,
  };
}

function parseMachine(
  text: string,
  program: FuzzCase['program'],
): Pick<FuzzCase, 'config' | 'kernelOptions'> {
  const [preset = '', ...settings] = text.split(/\s+/);
  const set = new Map<string, string>();
  for (const setting of settings) {
    const at = setting.indexOf('=');
    if (at < 1) throw new UsageError(`case: 'on ${text}': '${setting}' is not written as key=value`);
    set.set(setting.slice(0, at), setting.slice(at + 1));
  }
  const taken = (key: string, otherwise: number): number => {
    const value = set.get(key) ?? String(otherwise);
    set.delete(key);
    const number = parseNumber(value);
    if (number === undefined) throw new UsageError(`case: ${key}=${value}: a number is wanted`);
    return number;
  };
  const [harts, nodes, seed] = [taken('harts', 2), taken('nodes', 1), taken('seed', 1)];
  const { config, kernelOptions } = settle({
    program: programOf(program),
    preset,
    harts,
    nodes,
    seed,
    bare: false,
    set,
  });
  try {
    planKernel(config, kernelOptions);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`case: 'on ${text}': ${error.message}`);
    throw error;
  }
  return { config, kernelOptions };
}

function parseSchedule(text: string, actors: Actors): CaseSchedule {
  if (text === 'timed') return TIMED;
  const [, seed] = /^random (\d{1,10})$/.exec(text) ?? [];
  if (seed !== undefined) return { kind: 'random', seed: Number(seed) };
  parseSwitches(text, actors);
  return { kind: 'switches', text };
}
