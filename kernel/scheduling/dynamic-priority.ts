/**
 * Dynamic priority: works like static priority, except that what a thread does raises and lowers it. One that waits of its
 * own accord, as for a device or another thread, rises by two; one that has its slice ended falls by one. So threads that
 * compute little between their waits come first, and never wait long. Whoever waits for a hart for long rises, too: by
 * one for each PATIENCE slices.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { THREAD } from '../threads/thread.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

/** How far a thread rises and falls. */
const FARTHEST = 8;
const PATIENCE = 4;

function* rank(target: number, thread: number): Code<number> {
  const waited = ((yield csrRead('time')) - (yield load(thread + THREAD.readySince))) >>> 0;
  const slices = Math.floor(waited / (PATIENCE * (yield load(target + HART.slice))));
  return (yield load(thread + THREAD.priority)) + (yield load(thread + THREAD.level)) + slices;
}

// DOC: dynamic-level
function* queues(local: number, thread: number, gaveWay: boolean): Code {
  const ran = ((yield csrRead('time')) - (yield load(thread + THREAD.ranAt))) >>> 0;
  // It is new, or has given way before its time.
  if (gaveWay && ran < (yield load(local + HART.slice))) return;
  if ((yield load(thread + THREAD.runs)) === 0) return;
  const level = yield load(thread + THREAD.level);
  const next = gaveWay ? Math.max(level - 1, -FARTHEST) : Math.min(level + 2, FARTHEST);
  yield store(thread + THREAD.level, next);
}

export const dynamicPriority: Policy = Object.freeze(
  queued({
    name: 'dynamic-priority',
    summary: 'As static-priority, but threads that wait rise, and those that use their slices up fall.',
    degree: 'shared',
    steals: true,
    preempts: true,
    hasClasses: true,
    rank,
    queues,
  }),
);
