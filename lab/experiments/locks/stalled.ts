/**
 * A waiter loses its processor while it waits (Anderson 1990; here it goes on with other work for a long time, as if
 * it had been preempted): how many critical sections the others get through meanwhile.
 */
import { type Code, OP, OPS, theInstruction, work } from '../../../hw/isa/index.ts';
import { LINE, type Lock, type LockKind } from '../../../userland/index.ts';
import type { Row } from '../framework/experiment.ts';
import type { Arena } from '../synchronization/arena.ts';
import { contest, lockIn } from './contest.ts';

const STALL = 20_000;
const VICTIM = 1;
/** The acquisition in which it happens: when all compete. */
const AT_ROUND = 3;

export function stalled(arena: Arena, kind: LockKind, rounds: number): Row {
  const lock = lockIn(arena, kind);
  let acquisitions = 0;
  let from = 0;
  const held: Lock = {
    acquire: (node: number): Code => {
      const isVictim = node === arena.own(VICTIM) && ++acquisitions === AT_ROUND;
      return isVictim
        ? interrupted(lock.acquire(node), node, () => void (from = arena.clock(VICTIM)))
        : lock.acquire(node);
    },
    release: (node: number): Code => lock.release(node),
  };
  const { sections } = contest(arena, held, { rounds, section: 20 });
  const meanwhile = sections.filter(
    ({ hart, got }) => hart !== VICTIM && got > from && got < from + STALL,
  ).length;
  return { meanwhile };
}

/** The same code, which is held up when it has begun to wait: before its first look, or another try. */
function* interrupted(code: Code, node: number, note: () => void): Code {
  let atomics = 0;
  let isHeldUp = false;
  for (let step = code.next(); !step.done; ) {
    const { op, a } = theInstruction;
    const memory = OPS[op]?.memory;
    const isOwn = a >= node && a < node + 2 * LINE;
    const tries = op === OP.awaitTestAndSet || (op === OP.testAndSet && atomics > 0);
    if (!isHeldUp && (tries || (memory === 'read' && (atomics > 0 || !isOwn)))) {
      const held = { ...theInstruction };
      note();
      yield work(STALL);
      Object.assign(theInstruction, held);
      isHeldUp = true;
    }
    if (memory === 'read-write') atomics++;
    step = code.next(yield step.value);
  }
}
