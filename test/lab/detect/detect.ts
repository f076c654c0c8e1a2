/** Runs small programs with detectors switched on, and gives what these found. */
import type { MachineConfig } from '../../../hw/config.ts';
import type { Code } from '../../../hw/isa/index.ts';
import { Machine, type Stop } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { Detection, type DetectorId, type Finding } from '../../../lab/detect/index.ts';
import { Replay } from '../../../lab/explore/replay.ts';
import { type Code as UserCode, type Env, program } from '../../../userland/index.ts';

export interface Choice {
  readonly preset?: string;
  readonly seed?: number;
  /** Which detectors; all if left out. */
  readonly detectors?: readonly DetectorId[];
  readonly overtakes?: number;
  readonly set?: Partial<MachineConfig>;
}

export interface Detected {
  readonly machine: Machine;
  readonly stop: Stop;
  readonly findings: readonly Finding[];
  /** `races hart 0, hart 1`: each finding by its detector and who is involved. */
  readonly short: readonly string[];
}

const STEPS = 3_000_000;

const detected = (machine: Machine, detection: Detection, stop: Stop): Detected => {
  const findings = detection.finish(stop.kind === 'deadlock');
  const short = findings.map(
    ({ detector, involved }) => `${detector} ${involved.map(({ who }) => who).join(', ')}`,
  );
  return { machine, stop, findings, short };
};

/** Runs a program on each hart of a machine without a kernel; by default in turns, hart 0 first. */
export function detectBare(
  programs: readonly (() => Code)[],
  { preset = 'smp', seed = 1, detectors, overtakes, set = {} }: Choice = {},
  timed = false,
): Detected {
  const harts = programs.length;
  const machine = new Machine(presetConfig(preset, { harts, seed, set: { memoryPerNode: 1 << 20, ...set } }));
  const detection = new Detection(machine, { bare: true, ...optional({ detectors, overtakes }) });
  programs.forEach((each, hart) => machine.start(hart, each));
  const stop = timed
    ? machine.run({ instructions: STEPS })
    : machine.runArbitrated(new Replay([], machine), STEPS);
  return detected(machine, detection, stop);
}

/** Runs a program under the kernel, in time. */
export function detectUser(
  main: (env: Env) => UserCode<number | void>,
  { preset = 'smp', seed = 1, detectors, overtakes, set = {} }: Choice = {},
  harts = 4,
): Detected {
  const machine = new Machine(presetConfig(preset, { harts, seed, set: { memoryPerNode: 8 << 20, ...set } }));
  const detection = new Detection(machine, { bare: false, ...optional({ detectors, overtakes }) });
  const { entry } = program({ name: 'detected', summary: 'is looked at', main });
  bootKernel(machine, { entry, parameters: [] });
  const stop = machine.run({ instructions: STEPS });
  for (const { error } of machine.exceptions) throw error;
  return detected(machine, detection, stop);
}

/** Without the fields that are undefined. */
const optional = <T extends object>(fields: T): { [Key in keyof T]?: NonNullable<T[Key]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
