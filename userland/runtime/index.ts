/** What a program finds around it: its environment, the kernel's calls, memory, threads and the console. */
export { draw, SPREAD } from './distribution.ts';
export { BareEnv } from './bare-env.ts';
export { Env } from './env.ts';
export { Heap } from './heap.ts';
export { Inbox } from './inbox.ts';
export { LINE, roundUp } from './line.ts';
export { exploreHere, place } from './marks.ts';
export type { Output } from './output.ts';
export { hex, printf, report } from './print.ts';
export { nextRandom } from './random.ts';
export * from './sync-calls.ts';
export * from './system-calls.ts';
export { orThrow, SystemCallError } from './system-call-error.ts';
export { joinThread, spawnThread } from './thread.ts';
