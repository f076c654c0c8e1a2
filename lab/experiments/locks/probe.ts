/**
 * How much slower everybody's way to memory gets while harts compete for a lock (Mellor-Crummey & Scott 1991): a hart
 * that has nothing to do with the lock reads words of the lock's node and of an idle node again and again.
 */
import { type Code, load, work } from '../../../hw/isa/index.ts';
import type { LockKind } from '../../../userland/index.ts';
import type { Row } from '../framework/experiment.ts';
import type { Arena } from '../synchronization/arena.ts';
import { lockIn } from './contest.ts';

/** Harts that do not compete: one for the lock's memory, one for the idle memory, one that looks. */
const BYSTANDERS = 4;
/** Between two looks. */
const GAP = 50;
/** A word of the node that nothing else uses. */
const PROBED = 0x9000;
const LOOKS_ALONE = 50;

export function probe(arena: Arena, kind: LockKind, rounds: number): Row {
  const { harts } = arena;
  const competitors = harts - BYSTANDERS;
  const [lockNode, idleNode, prober] = [harts - 3, harts - 2, harts - 1];
  const lock = lockIn(arena, kind, lockNode);
  const memory = arena.shared(1) - arena.shared(0);
  const taken: Record<'hot' | 'idle', number[]> = { hot: [], idle: [] };
  function* look(node: number, times: number[]): Code {
    const start = arena.clock(prober);
    yield load(node * memory + PROBED);
    times.push(arena.clock(prober) - start);
    yield work(GAP);
  }
  const mean = (times: readonly number[]): number =>
    times.reduce((sum, time) => sum + time, 0) / times.length;
  const alone: number[] = [];
  arena.run(
    function* () {
      for (let index = 0; index < LOOKS_ALONE; index++) {
        yield* look(lockNode, alone);
        yield* look(idleNode, alone);
      }
    },
    [prober],
  );
  const competing = new Set(Array.from({ length: competitors }, (_, hart) => hart));
  const everybody = [...competing, prober];
  arena.run(function* (hart) {
    if (hart === prober) {
      while (competing.size === competitors) {
        yield* look(lockNode, taken.hot);
        yield* look(idleNode, taken.idle);
      }
      return;
    }
    const node = arena.own(hart);
    for (let round = 0; round < rounds; round++) {
      yield* lock.acquire(node);
      yield* lock.release(node);
    }
    competing.delete(hart);
  }, everybody);
  const increase = (times: readonly number[]): number => 100 * (mean(times) / mean(alone) - 1);
  return { hotNode: increase(taken.hot), idleNode: increase(taken.idle) };
}
