/** Synchronization between threads: locks and barriers, each kind in a file of its own. */
export * from './barriers/index.ts';
export { barrierKinds, lockKinds } from './choice.ts';
export * from './from-reads-and-writes/index.ts';
export * from './locks/index.ts';
export type { Placement } from './placement.ts';
