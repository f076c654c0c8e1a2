/** From `--quick`, `--seed` and `--set` to the settings of an experiment. */
import { presetConfig } from '../../../hw/presets.ts';
import { UsageError } from '../../cli/exit.ts';
import { nearest, unknown } from '../../cli/nearest.ts';
import { fieldPaths, withField } from '../../settings/config-fields.ts';
import { parseNumber } from '../../settings/number.ts';
import type { Experiment, ExperimentParameter, Factor, Settings } from './experiment.ts';

export interface SettingChoices {
  readonly quick?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly set?: ReadonlyMap<string, string> | undefined;
}

/** @throws UsageError for an unknown key, or a value that the key cannot have */
export function settingsFor(experiment: Experiment, choices: SettingChoices = {}): Settings {
  const { quick = false, seed = 1, set = new Map<string, string>() } = choices;
  const { factors, parameters, chooses } = experiment;
  const settings = {
    seed,
    factors: mapValues(factors, (factor) => (quick ? factor.quick : factor.values)),
    parameters: mapValues(parameters, (parameter) => (quick ? parameter.quick : parameter.default)),
    machine: {} as Record<string, string>,
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
  return settings;
}

function listOf(key: string, text: string, factor: Factor): (number | string)[] {
  return text.split(',').map((item) => {
    const found = factor.values.find((value) => String(value) === item);
    if (found !== undefined) return found;
    const { range } = factor;
    if (range === undefined) {
      const near = nearest(item, factor.values.map(String));
      throw new UsageError(`--set ${key}=${text}: unknown value '${item}'; did you mean '${near}'?`);
    }
    return numberOf(key, item, range);
  });
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
