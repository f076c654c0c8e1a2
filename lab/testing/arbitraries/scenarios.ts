/** All that a run under the kernel depends on beside its program: a machine, the kernel's options, and faults. */
import fc from 'fast-check';
import type { MachineConfig } from '../../../hw/config.ts';
import type { Fault } from '../../../hw/faults/fault.ts';
import { type KernelOptions, planKernel } from '../../../kernel/index.ts';
import { type FaultChoice, faultLists } from './fault-lists.ts';
import { type KernelOptionChoice, kernelOptionSets } from './kernel-option-sets.ts';
import { type MachineChoice, machines } from './machines.ts';

export interface Scenario {
  readonly config: MachineConfig;
  readonly kernelOptions: KernelOptions;
  readonly faults: readonly Fault[];
}

export interface ScenarioChoice {
  readonly machines?: MachineChoice;
  readonly kernelOptions?: KernelOptionChoice;
  /** Which faults; by default none. */
  readonly faults?: FaultChoice;
}

/** Scenarios in which the kernel boots. */
export const scenarios = (choice: ScenarioChoice = {}): fc.Arbitrary<Scenario> =>
  fc
    .record({
      config: machines(choice.machines),
      kernelOptions: kernelOptionSets(choice.kernelOptions),
      faults: choice.faults === undefined ? fc.constant([]) : faultLists(choice.faults),
    })
    .filter(({ config, kernelOptions }) => boots(config, kernelOptions));

/** Whether the kernel finds room on such a machine. */
export function boots(config: MachineConfig, options: KernelOptions): boolean {
  try {
    planKernel(config, options);
    return true;
  } catch {
    return false;
  }
}
