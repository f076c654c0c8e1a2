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

/**
 * @param looks how often each of the two memories is looked at, when the competition has gone on for as long
 */
export function probe(arena: Arena, kind: LockKind, looks: number): Row {
  const { harts } = arena;
  const competitors = Array.from({ length: harts - BYSTANDERS }, (_, hart) => hart);
  const [lockNode, idleNode, prober] = [harts - 3, harts - 2, harts - 1];
  const lock = lockIn(arena, kind, lockNode);
  const memory = arena.shared(1) - arena.shared(0);
  function* look(node: number): Code<number> {
    const start = arena.clock(prober);
    yield load(node * memory + PROBED);
    const time = arena.clock(prober) - start;
    yield work(GAP);
    return time;
  }
  /** Mean times of the lock's node and the idle one. */
  function* lookAtBoth(): Code<readonly [number, number]> {
    let [hot, idle] = [0, 0];
    for (let index = 0; index < looks; index++) {
      hot += yield* look(lockNode);
      idle += yield* look(idleNode);
    }
    return [hot / looks, idle / looks];
  }
  const seen = { alone: [0, 0] as readonly [number, number], together: [0, 0] as readonly [number, number] };
  const competition = { goesOn: true };
  arena.run(
    function* () {
      seen.alone = yield* lookAtBoth();
    },
    [prober],
  );
  arena.run(
    function* (hart) {
      if (hart === prober) {
        // The first time is the beginning, when nobody has been refused yet.
        yield* lookAtBoth();
        seen.together = yield* lookAtBoth();
        competition.goesOn = false;
        return;
      }
      const node = arena.own(hart);
      while (competition.goesOn) {
        yield* lock.acquire(node);
        yield* lock.release(node);
      }
    },
    [...competitors, prober],
  );
  const increase = (which: 0 | 1): number => 100 * (seen.together[which] / seen.alone[which] - 1);
  return { hotNode: increase(0), idleNode: increase(1) };
}
