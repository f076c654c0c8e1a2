/** The kernel, as the lab sees it: how to boot it, and how to look into it. */
export { type Boot, bootKernel, type KernelOptions } from './boot/loader.ts';
export { STEPS, STEP, type StepKind, type StepRow } from './steps.ts';
export { PANICS, panicText } from './panics.ts';
export { POLICIES, type Policy } from './threads/policy.ts';
export { checkInvariants, type Verdict } from './inspect/invariants.ts';
export { nameAddress } from './inspect/name-address.ts';
export { inspectProcesses, type ProcessReport } from './inspect/processes.ts';
export { describeWait, inspectThreads, type Owner, type ThreadReport, whoIs } from './inspect/threads.ts';
