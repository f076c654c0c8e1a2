/**
 * One release while all others wait: for how long harts go to memory because of it, how many do, what each of them
 * had been looking at, and in which order they are served. The harts ask one after another, the last one first;
 * whoever gets the lock first after the release keeps it until all is quiet.
 */
import { type Code, OPS, spinUntil, store, work } from '../../../hw/isa/index.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import type { LockKind } from '../../../userland/index.ts';
import type { Row } from '../framework/experiment.ts';
import type { Arena } from '../synchronization/arena.ts';
import { lockIn } from './contest.ts';

/** Long enough that whoever asks has settled to wait before the next one asks. */
const APART = 4000;
/** How long whoever gets it first keeps it: a lock that is not quiet by then will not be. */
const KEPT = 20_000;
const HOLDER = 0;
/** The word that says that the lock is held. */
const HELD = 0x8000;

/** What is seen of the harts around the release. */
class Onlooker {
  readonly instructions = true;
  /** Where each waiter looked last before the release. */
  readonly looks = new Map<number, number>();
  readonly woken = new Set<number>();
  released = Number.POSITIVE_INFINITY;
  quietAt = 0;

  event(event: TraceEvent): void {
    if (event.kind === 'instruction') {
      const looks = OPS[event.op]?.memory !== 'none' && event.cycle < this.released && event.hart !== HOLDER;
      if (looks) this.looks.set(event.hart, event.a);
    } else if (event.kind === 'transaction' && event.hart !== HOLDER) {
      const { cycle, end, hart } = event;
      if (cycle < this.released || cycle > this.released + KEPT) return;
      this.quietAt = Math.max(this.quietAt, end);
      this.woken.add(hart);
    }
  }
}

export function quiesce(arena: Arena, kind: LockKind): Row {
  const { harts } = arena;
  const lock = lockIn(arena, kind);
  const order: number[] = [];
  const seen = new Onlooker();
  arena.bare.machine.trace.attach(seen);
  arena.run(function* (hart): Code {
    const node = arena.own(hart);
    if (hart !== HOLDER) {
      yield spinUntil(HELD, 1);
      yield work((harts - hart) * APART);
    }
    yield* lock.acquire(node);
    if (hart === HOLDER) {
      yield store(HELD, 1);
      yield work((harts + 1) * APART);
      seen.released = arena.clock(hart);
    } else {
      order.push(hart);
      if (order.length === 1) yield work(2 * KEPT);
    }
    yield* lock.release(node);
  });
  const time = seen.quietAt - seen.released;
  return {
    quiesce: time > 0.9 * KEPT ? null : time,
    woken: seen.woken.size,
    looksShared: new Set(seen.looks.values()).size < seen.looks.size,
    inOrder: order.every((hart, place) => hart === harts - 1 - place),
  };
}
