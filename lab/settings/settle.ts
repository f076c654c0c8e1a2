/** From choices and `--set` texts to a machine, the kernel's options and the program's parameter words. */
import { checkConfig, ConfigError, MOST_HARTS } from '../../hw/check-config.ts';
import type { MachineConfig } from '../../hw/config.ts';
import { findPreset, PRESETS, presetConfig } from '../../hw/presets.ts';
import type { KernelOptions } from '../../kernel/index.ts';
import type { Program } from '../../userland/program.ts';
import { UsageError } from '../cli/exit.ts';
import { unknown } from '../cli/nearest.ts';
import { fieldPaths, withField } from './config-fields.ts';
import { KERNEL_KEYS, withKernelOption } from './kernel-options.ts';
import { checkNeeds } from './needs.ts';
import { parseNumber } from './number.ts';
import { parameterWords } from './parameters.ts';

export interface Choices {
  readonly program: Program;
  readonly preset: string;
  readonly harts: number;
  readonly nodes: number | undefined;
  readonly seed: number;
  readonly bare: boolean;
  /** Values by key, as they were typed. */
  readonly set: ReadonlyMap<string, string>;
  /** Parameter words by name that are settled already. */
  readonly words?: Readonly<Record<string, number>>;
}

export interface Settled {
  readonly config: MachineConfig;
  readonly kernelOptions: KernelOptions;
  readonly parameters: readonly number[];
}

/** @throws UsageError for what is unknown or cannot be built */
export function settle(choices: Choices): Settled {
  const { program, set } = choices;
  let config = presetOf(choices);
  let kernelOptions: KernelOptions = {};
  const machineKeys = fieldPaths(config);
  const parameterKeys = Object.keys(program.parameters);
  for (const [key, text] of set) {
    if (machineKeys.includes(key)) config = withField(config, key, text);
    else if (KERNEL_KEYS.includes(key)) kernelOptions = withKernelOption(kernelOptions, key, text);
    else if (!parameterKeys.includes(key)) {
      throw new UsageError(
        `--set ${key}=${text}: ${unknown('key', key, [...parameterKeys, ...machineKeys, ...KERNEL_KEYS])}`,
      );
    }
  }
  built(() => checkConfig(config));
  checkCoherence(choices.preset, config);
  const words = parameterWords(program, set);
  const names = Object.keys(program.parameters);
  const parameters = words.map((word, index) => choices.words?.[names[index] as string] ?? word);
  checkNeeds(program, config, parameters, choices.bare);
  return { config, kernelOptions, parameters };
}

/** A machine that is defined by having no coherence is another one with it. */
function checkCoherence(preset: string, { coherence }: MachineConfig): void {
  if (findPreset(preset)?.config.coherence !== 'none' || coherence === 'none') return;
  throw new UsageError(`machine ${preset} is one without coherence; with ${coherence} take cc-numa`);
}

function presetOf({ preset, harts, nodes, seed, set }: Choices): MachineConfig {
  if (findPreset(preset) === undefined) {
    throw new UsageError(
      unknown(
        'machine',
        preset,
        PRESETS.map(({ name }) => name),
      ),
    );
  }
  if (harts > MOST_HARTS)
    throw new UsageError(`--harts ${harts}: the most that is possible is ${MOST_HARTS}`);
  // So many harts there are in all: with several to a core, there are fewer cores.
  const hartsPerCore = parseNumber(set.get('hartsPerCore') ?? '1') ?? 1;
  return built(() =>
    presetConfig(preset, { harts, seed, hartsPerCore, ...(nodes === undefined ? {} : { nodes }) }),
  );
}

function built<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`this machine cannot be built: ${error.message}`);
    throw error;
  }
}
