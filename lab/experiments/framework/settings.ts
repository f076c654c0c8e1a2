/** From `--quick`, `--seed` and `--set` to the settings of an experiment. */
import { presetConfig } from '../../../hw/presets.ts';
import { UsageError } from '../../cli/exit.ts';
import { nearest, unknown } from '../../cli/nearest.ts';
import { fieldPaths, withField } from '../../settings/config-fields.ts';
import type { KindChoices } from '../../load/load-kind.ts';
import { parseNumber } from '../../settings/number.ts';
import type { Experiment, ExperimentParameter, Factor, Settings } from './experiment.ts';

export interface SettingChoices extends KindChoices {
  readonly quick?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly set?: ReadonlyMap<string, string> | undefined;
}

/** @throws UsageError for an unknown key, or a value that the key cannot have */
export function settingsFor(experiment: Experiment, choices: SettingChoices = {}): Settings {
  const { quick = false, seed = 1, set = new Map<string, string>(), lock, barrier } = choices;
  const { factors, parameters, chooses } = experiment;
  const settings = {
    seed,
    factors: mapValues(factors, (factor) => (quick ? factor.quick : factor.values)),
    parameters: mapValues(parameters, (parameter) => (quick ? parameter.quick : parameter.default)),
    machine: {} as Record<string, string>,
    ...(lock === undefined && barrier === undefined ? {} : { files: { lock, barrier } }),
  };
  const model = presetConfig('cc-numa');
  const machineKeys = fieldPaths(model).filter((path) => path !== 'seed');
  for (const [key, text] of set) {
    const factor = factors[key];
    const parameter = parameters[key];
    if (factor !== undefined) settings.factors[key] = listOf(key, text, factor);
    else if (parameter !== undefined) settings.parameters[key] = numberOf(key, text, parameter);
    else if (chooses.some((field) => key === field || key.startsWith(`${field}.`))) {
      const names = Object.keys(factors).join(', ');
      throw new UsageError(`--set ${key}=${text}: ${experiment.id} chooses this itself, from ${names}`);
    } else if (machineKeys.includes(key)) {
      withField(model, key, text);
      settings.machine[key] = text;
    } else {
      const keys = [...Object.keys(factors), ...Object.keys(parameters), ...machineKeys];
      throw new UsageError(`--set ${key}=${text}: ${unknown('key', key, keys)}`);
    }
  }
  for (const [factor, id] of Object.entries(experiment.own ?? {}))
    settings.factors[factor] = [...new Set([...(settings.factors[factor] ?? []), id])];
  return settings;
}

/** Values of a factor: `2,8`, and of numbers `2..64`, which is those two and the usual ones in between. */
function listOf(key: string, text: string, factor: Factor): (number | string)[] {
  const { range, values } = factor;
  const valueOf = (item: string): number | string => {
    const found = values.find((value) => String(value) === item);
    if (found !== undefined) return found;
    if (range !== undefined) return numberOf(key, item, range);
    const near = nearest(item, values.map(String));
    throw new UsageError(`--set ${key}=${text}: unknown value '${item}'; did you mean '${near}'?`);
  };
  const list = text.split(',').flatMap((item) => {
    const ends = range === undefined ? [item] : item.split('..');
    if (ends.length !== 2) return [valueOf(item)];
    const [from, to] = ends.map((end) => Number(valueOf(end))) as [number, number];
    if (from > to) throw new UsageError(`--set ${key}=${text}: ${from} is more than ${to}`);
    return [from, ...values.map(Number).filter((value) => value > from && value < to), to];
  });
  return [...new Set(list)];
}

function numberOf(key: string, text: string, { min, max }: Pick<ExperimentParameter, 'min' | 'max'>): number {
  const number = parseNumber(text);
  if (number !== undefined && Number.isInteger(number) && number >= min && number <= max) return number;
  throw new UsageError(`--set ${key}=${text}: a whole number from ${min} to ${max} is wanted`);
}

const mapValues = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
