/**
 * Last processor: a hart that is free takes a thread that was on it last, if one waits; of several, and of none, the one
 * that has waited longest (Squillante & Lazowska, TPDS 1993: LP).
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { THREAD } from '../threads/thread.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

function* rank(target: number, thread: number): Code<number> {
  if ((yield load(thread + THREAD.local)) !== target) return 0;
  return (yield load(thread + THREAD.runs)) === 0 ? 0 : 1;
}

export const lastProcessor: Policy = Object.freeze(
  queued({
    name: 'last-processor',
    summary: 'A hart takes the thread that was on it last, or else the one that has waited longest.',
    degree: 'shared',
    steals: true,
    rank,
  }),
);
