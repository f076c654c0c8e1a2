/**
 * Machines without a kernel, for measuring: programs run in phases, and each phase begins on all harts at one
 * cycle, so that what prepares a measurement (warm caches, say) is not part of it.
 */
import { checkConfig } from '../../../hw/check-config.ts';
import type { MachineConfig } from '../../../hw/config.ts';
import { COUNTER, COUNTERS_PER_HART, type CounterName } from '../../../hw/counters.ts';
import type { Code } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import type { Stop } from '../../../hw/stop.ts';
import { type PresetChoice, presetConfig } from '../../../hw/presets.ts';
import { withField } from '../../settings/config-fields.ts';
import type { Settings } from './experiment.ts';
import { NotMeasured } from './not-measured.ts';

/** Little memory: it need not be cleared for each cell. */
const MEMORY_PER_NODE = 1 << 20;
/** No phase takes so long unless its programs wait for ever. */
const MOST_CYCLES = 1e9;

/** What a phase took. */
export interface Phase {
  /** From the common start until the last hart was done. */
  readonly cycles: number;
  /** What the counters of all harts together rose by. */
  readonly counted: (name: CounterName) => number;
}

/**
 * The configuration of a machine to measure, with the fields that the user set.
 * @throws NotMeasured when this build has no such machine
 */
export function configFor(preset: string, choice: PresetChoice, settings: Settings): MachineConfig {
  try {
    const { seed } = settings;
    let config = presetConfig(preset, {
      seed,
      ...choice,
      set: { memoryPerNode: MEMORY_PER_NODE, ...choice.set },
    });
    for (const [path, text] of Object.entries(settings.machine)) config = withField(config, path, text);
    checkConfig(config);
    return config;
  } catch (error) {
    if (error instanceof RangeError) throw new NotMeasured(error.message);
    throw error;
  }
}

export class BareMachine {
  readonly machine: Machine;

  constructor(config: MachineConfig) {
    this.machine = new Machine(config);
  }

  /** Number of harts. */
  get harts(): number {
    return this.machine.harts;
  }

  /** Runs a program on each of the harts given (all if left out) until all have ended. */
  run(
    program: (hart: number) => Code<number | void>,
    harts: readonly number[] = [...Array(this.harts).keys()],
  ): Phase {
    const { machine } = this;
    // Later than any hart has got, and than any starting skew.
    const start = machine.now() + machine.config.skew;
    const before = machine.counters.values.slice();
    for (const hart of harts) {
      machine.state.clock[hart] = start;
      machine.start(hart, () => program(hart));
    }
    const stop = machine.run({ cycles: start + MOST_CYCLES });
    if (stop.kind !== 'finished') {
      const cause = stop.kind === 'crashed' ? stop.error : undefined;
      throw new Error(`the programs did not end: ${reasonOf(stop)}`, { cause });
    }
    const after = machine.counters.values.slice();
    return {
      cycles: Math.max(...harts.map((hart) => machine.clock(hart))) - start,
      counted: (name) => sum(after, name) - sum(before, name),
    };
  }
}

/** Why programs did not end, in words. */
function reasonOf(stop: Stop): string {
  if (stop.kind === 'deadlock') return 'deadlock, nobody can go on';
  if (stop.kind === 'budget') return `not within ${MOST_CYCLES.toLocaleString('en')} cycles`;
  if (stop.kind === 'crashed') return `hart ${stop.hart}: ${stop.message}`;
  return JSON.stringify(stop);
}

/** A counter's sum over all harts. */
function sum(values: Float64Array, name: CounterName): number {
  let total = 0;
  for (let at = COUNTER[name]; at < values.length; at += COUNTERS_PER_HART) total += values[at] as number;
  return total;
}
