/** Static priority: the thread of the highest priority runs; of equals the one that has waited longest. */
import { type Code, load } from '../../hw/isa/index.ts';
import { THREAD } from '../threads/thread.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

function* rank(_target: number, thread: number): Code<number> {
  return yield load(thread + THREAD.priority);
}

export const staticPriority: Policy = Object.freeze(
  queued({
    name: 'static-priority',
    summary:
      'The ready thread of the highest priority runs, and takes the hart of one with a lower priority.',
    degree: 'shared',
    steals: true,
    preempts: true,
    hasClasses: true,
    rank,
  }),
);
