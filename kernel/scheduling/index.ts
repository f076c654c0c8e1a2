/**
 * What a scheduling policy of one's own may import, as `eddy-os/scheduling`: what a policy is, and the words of emulated
 * memory that it reads and writes.
 */
export { interveningSince, NEVER } from './accounts.ts';
export { hasAffinity, mayRunOn } from './affinity.ts';
export type { DegreeName, Discipline } from './discipline.ts';
export { memoryOf } from './ledger.ts';
export { nthNearest } from './nearest.ts';
export type { Policy } from './policy.ts';
export { queued } from './queued.ts';
export { RUN_QUEUE } from './run-queue.ts';
export { HART, localOf } from '../hart-local.ts';
export { THREAD } from '../threads/thread.ts';
