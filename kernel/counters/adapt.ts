/**
 * A policy that changes the degree of clustering of a counter by what it observes (`kernel.objects.adapt`): "the
 * usage pattern determines the level of replication".
 *
 * Each representative counts additions, reads, and how often the hart was another one than the time before. Every
 * WINDOW uses it decides: many moves between harts, few reads: parts for each hart; mostly reads by many harts: copies
 * for each hart. The counts are inexact under contention, which does no harm.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { ROOT } from '../objects/root.ts';
import { COUNTER } from './layout.ts';

/** Uses between two decisions. */
const WINDOW = 64;
/** Of so many uses, as many as this must have come from another hart than the one before. */
const MANY_MOVES = WINDOW / 4;

// DOC: observe
/** Notes a use of a representative; gives the class that each hart had better have its own of, or 0: all is well. */
export function* observe(local: number, rep: number, use: 'add' | 'read'): Code<number> {
  const count = rep + (use === 'add' ? COUNTER.adds : COUNTER.reads);
  yield store(count, (yield load(count)) + 1);
  const hart = yield load(local + HART.hart);
  if ((yield load(rep + COUNTER.lastHart)) !== hart) {
    yield store(rep + COUNTER.lastHart, hart);
    yield store(rep + COUNTER.moves, (yield load(rep + COUNTER.moves)) + 1);
  }
  const adds = yield load(rep + COUNTER.adds);
  const reads = yield load(rep + COUNTER.reads);
  if (adds + reads < WINDOW) return 0;
  const moves = yield load(rep + COUNTER.moves);
  for (const field of [COUNTER.adds, COUNTER.reads, COUNTER.moves]) yield store(rep + field, 0);
  return yield* decide(rep, adds, reads, moves);
}

function* decide(rep: number, adds: number, reads: number, moves: number): Code<number> {
  const word = yield load(rep + COUNTER.class);
  const root = yield load(rep + COUNTER.root);
  const spread = (yield load(root + ROOT.clusters)) > 1;
  const mostlyReads = reads > 4 * adds;
  if (!spread) {
    if (moves < MANY_MOVES) return 0;
    return mostlyReads ? CLASS.counterReplicated : CLASS.counterPartitioned;
  }
  if (word === CLASS.counterPartitioned && mostlyReads) return CLASS.counterReplicated;
  return word === CLASS.counterReplicated && adds > reads ? CLASS.counterPartitioned : 0;
}
