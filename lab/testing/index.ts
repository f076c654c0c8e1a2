/**
 * `eddy-os/testing`: what a test of a program, of the kernel or of the machine needs. Arbitraries for fast-check,
 * invariants and ways to hold a run to them, searches of schedules, and the system calls against a model.
 * It needs no test framework: what does not hold throws.
 */
export { default as fc } from 'fast-check';

export { faultLists, type FaultChoice, powerLosses } from './arbitraries/fault-lists.ts';
export { type KernelOptionChoice, kernelOptionSets } from './arbitraries/kernel-option-sets.ts';
export { type MachineChoice, machines } from './arbitraries/machines.ts';
export { type Scenario, type ScenarioChoice, scenarios } from './arbitraries/scenarios.ts';
export { type ScheduleChoice, schedules } from './arbitraries/schedules.ts';
export * from './programs/index.ts';

export { type CheckChoice, type Checked, checkWhile, expectWhile } from './check-while.ts';
export { expectDeterministic } from './expect-deterministic.ts';
export {
  expectEverySchedule,
  expectNoFailure,
  explore,
  type ExploreChoice,
  type Explored,
} from './explore.ts';
export { INVARIANTS } from './invariants/index.ts';
export { coherence } from './invariants/coherence.ts';
export { type Holds, type Invariant, stateInvariant } from './invariants/invariant.ts';
export { kernelInvariants } from './invariants/kernel.ts';
export { mutualExclusion } from './invariants/mutual-exclusion.ts';
export { type AgentChoice, Agents, type Request } from './model/agents.ts';
export { SystemCall, Together } from './model/command.ts';
export { Model } from './model/model.ts';
export {
  checkSystemCalls,
  type SystemCallChoice,
  systemCalls,
  type SystemCalls,
} from './model/system-calls.ts';
export { type Ran, type RunChoice, runKernel, startKernel, type Startable } from './run-kernel.ts';

export type { MachineConfig } from '../../hw/config.ts';
export { describeFault, type Fault } from '../../hw/faults/fault.ts';
export { Machine, type MachineParts, type Stop } from '../../hw/machine.ts';
export { PRESETS, presetConfig } from '../../hw/presets.ts';
export { bootKernel, checkInvariants, kernelAtRest, type KernelOptions } from '../../kernel/index.ts';
export { formatSchedule, parseSchedule, type Schedule } from '../explore/schedule.ts';
export type { Failure, Subject, Trial } from '../explore/subject.ts';
export { fileServers } from '../../userland/servers/index.ts';
