/**
 * Minimum intervening: for each thread and hart the kernel knows how many others have had the hart since the thread was
 * on it; a hart takes the thread with the fewest (Squillante & Lazowska, TPDS 1993: MI). A thread that was never there
 * comes last.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { interveningSince } from './accounts.ts';
import { memoryOf } from './ledger.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

/** How many others have had the hart at `target` since the thread was on it. */
export function* interveningOn(target: number, thread: number): Code<number> {
  const turns = yield* memoryOf(target, thread);
  return yield* interveningSince(target, yield load(turns + 4 * (yield load(target + HART.hart))));
}

/** A thread gets this hart. */
export function* remember(local: number, thread: number): Code {
  const turns = yield* memoryOf(local, thread);
  yield store(turns + 4 * (yield load(local + HART.hart)), yield load(local + HART.turns));
}

// DOC: minimum-intervening
function* rank(target: number, thread: number): Code<number> {
  return -(yield* interveningOn(target, thread));
}

export const minimumIntervening: Policy = Object.freeze(
  queued({
    name: 'minimum-intervening',
    summary: 'A hart takes the thread since whose last turn on it the fewest others have had it.',
    degree: 'shared',
    steals: true,
    hasLedger: true,
    rank,
    runs: remember,
  }),
);
