/** Fixed processor: a thread always runs on the hart on which it was placed (Squillante & Lazowska, TPDS 1993: FP). */
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

export const fixedProcessor: Policy = Object.freeze(
  queued({
    name: 'fixed-processor',
    summary: 'A thread always runs on the hart on which it was placed; new threads go to the harts in turn.',
    degree: 'hart',
    fixed: true,
  }),
);
