/**
 * A policy that changes the degree of clustering of a counter by what it observes (`kernel.objects.adapt`): "the
 * usage pattern determines the level of replication".
 *
 * At the end of every window of uses (objects/observed.ts) it decides: many moves between harts, few reads: parts for
 * each hart; mostly reads by many harts: copies for each hart.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { MANY_MOVES, noteUse, WINDOW } from '../objects/observed.ts';
import { ROOT } from '../objects/root.ts';
import { COUNTER } from './layout.ts';

// DOC: observe
/** Notes a use of a representative; gives the class that each hart had better have its own of, or 0: all is well. */
export function* observe(local: number, rep: number, use: 'add' | 'read'): Code<number> {
  const count = rep + COUNTER.reads;
  if (use === 'read') yield store(count, (yield load(count)) + 1);
  const moves = yield* noteUse(local, rep + COUNTER.observed);
  if (moves < 0) return 0;
  const reads = yield load(count);
  yield store(count, 0);
  return yield* decide(rep, WINDOW - reads, reads, moves);
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
