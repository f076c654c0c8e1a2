/**
 * Works like minimum intervening, except that of each thread only the harts are remembered that it was on most recently
 * (Squillante & Lazowska, TPDS 1993: LMI). `--set kernel.scheduler.remembered=` says how many.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';
import { interveningSince } from './accounts.ts';
import { memoryOf, REMEMBERED } from './ledger.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';

function* limitOf(local: number): Code<number> {
  return yield load((yield load(local + HART.nodeBlock)) + NODE_BLOCK.remembered);
}

function* rank(target: number, thread: number): Code<number> {
  const limit = yield* limitOf(target);
  const hart = yield load(target + HART.hart);
  const memory = yield* memoryOf(target, thread);
  for (let entry = memory; entry < memory + limit * REMEMBERED.SIZE; entry += REMEMBERED.SIZE) {
    if ((yield load(entry + REMEMBERED.hart)) !== hart + 1) continue;
    return -(yield* interveningSince(target, yield load(entry + REMEMBERED.turn)));
  }
  return -(yield* interveningSince(target, 0));
}

/** The latest comes first; the oldest falls out. */
function* remember(local: number, thread: number): Code {
  const limit = yield* limitOf(local);
  const hart = yield load(local + HART.hart);
  let entry = yield* memoryOf(local, thread);
  let moved = { hart: hart + 1, turn: yield load(local + HART.turns) };
  for (let left = limit; left > 0; left -= 1) {
    const old = { hart: yield load(entry + REMEMBERED.hart), turn: yield load(entry + REMEMBERED.turn) };
    yield store(entry + REMEMBERED.hart, moved.hart);
    yield store(entry + REMEMBERED.turn, moved.turn);
    if (old.hart === hart + 1 || old.hart === 0) return;
    moved = old;
    entry += REMEMBERED.SIZE;
  }
}

export const limitedMinimumIntervening: Policy = Object.freeze(
  queued({
    name: 'limited-minimum-intervening',
    summary: 'As minimum-intervening, but of each thread only the harts are remembered that it was on last.',
    degree: 'shared',
    steals: true,
    hasLedger: true,
    rank,
    runs: remember,
  }),
);
