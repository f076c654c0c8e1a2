/** All harts take one lock again and again: who wanted, got and left it when. */
import { type Code, work } from '../../../hw/isa/index.ts';
import type { Lock, LockKind } from '../../../userland/index.ts';
import type { Phase } from '../framework/bare-machine.ts';
import type { Arena } from '../synchronization/arena.ts';

/** One critical section, in cycles of its hart's clock. */
export interface Section {
  readonly hart: number;
  /** When it began to acquire, when it was inside, when it began to release. */
  readonly wanted: number;
  readonly got: number;
  readonly left: number;
}

export interface Contest {
  /** How often each hart takes it. */
  readonly rounds: number;
  /** Cycles inside. */
  readonly section: number;
  /** Cycles until a hart comes back. */
  readonly pause?: (hart: number) => number;
}

export interface Contested {
  readonly phase: Phase;
  /** In the order of `got`. */
  readonly sections: readonly Section[];
}

/** The lock of a kind in an arena: at the first node, or another one; its slots spread over all. */
export const lockIn = (arena: Arena, kind: LockKind, node?: number): Lock =>
  kind.at(arena.shared(node), arena.harts, arena.slots);

/** @param harts those that take part; all if left out */
export function contest(
  arena: Arena,
  lock: Lock,
  { rounds, section, pause = () => 0 }: Contest,
  harts?: readonly number[],
): Contested {
  const sections: Section[] = [];
  function* contestant(hart: number): Code {
    const node = arena.own(hart);
    for (let round = 0; round < rounds; round++) {
      const wanted = arena.clock(hart);
      yield* lock.acquire(node);
      const got = arena.clock(hart);
      if (section > 0) yield work(section);
      sections.push({ hart, wanted, got, left: arena.clock(hart) });
      yield* lock.release(node);
      const cycles = pause(hart);
      if (cycles > 0) yield work(cycles);
    }
  }
  const phase = arena.run(contestant, harts);
  return { phase, sections: sections.toSorted((a, b) => a.got - b.got) };
}
