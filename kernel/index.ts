/** The kernel, as the lab sees it: how to boot it, and how to look into it. */
export { type Boot, bootKernel, type ServerStart } from './boot/loader.ts';
export { HEAPS, KERNEL_LIMITS, type KernelOptions, planKernel, TRANSFERS } from './boot/options.ts';
export { SCHEDULING_LIMITS, SWITCH } from './boot/scheduling-options.ts';
export { PLACEMENTS, type PlacementName } from './vm/placement.ts';
export { STEPS, STEP, type StepKind, type StepRow } from './steps.ts';
export { PANICS, panicText } from './panics.ts';
export { POLICIES } from './scheduling/policies.ts';
export { addPolicy } from './scheduling/own-policies.ts';
export type { Discipline } from './scheduling/discipline.ts';
export type { Policy } from './scheduling/policy.ts';
export { queued } from './scheduling/queued.ts';
export { kernelAtRest } from './inspect/at-rest.ts';
export {
  checkInvariants,
  KERNEL_INVARIANTS,
  type KernelInvariant,
  type Verdict,
} from './inspect/invariants.ts';
export { nameAddress } from './inspect/name-address.ts';
export { inspectPaging, type PagingCount } from './inspect/paging.ts';
export { inspectProcesses, type ProcessReport } from './inspect/processes.ts';
export { physicalAddress } from './inspect/user-memory.ts';
export { Reader } from './inspect/reader.ts';
export {
  describeWait,
  inspectThreads,
  type Owner,
  threadAt,
  type ThreadReport,
  whoIs,
} from './inspect/threads.ts';
export { OBJECT_CHOICES } from './boot/object-options.ts';
export { DEGREE_EXAMPLES, parseDegree } from './objects/degree.ts';
export { OBJECT_TYPES, type ObjectType } from './objects/types.ts';
