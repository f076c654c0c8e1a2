/** First come, first served: one queue for all harts, out of which each takes the thread that has waited longest. */
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

export const fcfs: Policy = Object.freeze(
  queued({
    name: 'fcfs',
    summary:
      'The thread that has been ready longest goes to the next hart that is free, wherever it was before.',
    degree: 'shared',
    steals: true,
  }),
);
