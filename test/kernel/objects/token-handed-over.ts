/**
 * The token is handed to a hart that somebody is about to leave, in every execution: either the one who leaves sees it,
 * or an interrupt is on its way.
 */
import { type Code, csrRead, INTERRUPT } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { leaveGeneration } from '../../../kernel/objects/generations.ts';
import { TOKEN } from '../../../kernel/objects/limbo.ts';
import { serve, serveToken } from '../../../kernel/objects/token.ts';
import { everyExecution } from '../../../lab/explore/every-execution.ts';
import { localOf, type Model, onHarts, STRIDE, word } from '../locks/on-harts.ts';

const SLOT = word(3);
const NEVER = -77;

/** Hart 0 has the token, and its temporary references have ended; hart 1 has one, and gives it up. */
function ready(model: Model): Machine {
  const machine = onHarts(
    [
      () => serve(localOf(0), passed),
      function* () {
        yield* leaveGeneration(localOf(1), SLOT);
        yield* serveToken(localOf(1));
      },
    ],
    model,
  );
  const facts = { harts: 2, nodes: 1, hartsPerNode: 2, memoryPerNode: 1 << 20, stride: STRIDE };
  for (const hart of [0, 1])
    for (const [field, value] of Object.entries({ ...facts, hart, generations: 2, tokenSince: NEVER }))
      machine.poke(localOf(hart) + HART[field as keyof typeof HART], value);
  machine.poke(TOKEN, 1);
  machine.poke(localOf(0) + HART.token, 1);
  machine.poke(localOf(1) + HART.active, 1);
  machine.poke(SLOT, 1);
  return machine;
}

function* passed(local: number): Code<boolean> {
  return (yield csrRead('slocal')) === local;
}

/** In how many executions the token lies on hart 1, and nobody looks for it; and how many there are. */
export function forgotten(model: Model): { readonly forgotten: number; readonly executions: number } {
  let count = 0;
  const { exhausted, executions } = everyExecution(
    () => ready(model),
    (machine, stop) => {
      if (stop.kind !== 'finished') throw new Error(`it did not end: ${stop.kind}`);
      const local = localOf(1);
      const isThere =
        machine.peek(local + HART.token) !== 0 && machine.peek(local + HART.tokenSince) === NEVER;
      if (isThere && (pending(machine) & INTERRUPT.software) === 0) count += 1;
    },
  );
  if (!exhausted) throw new Error('there are more executions');
  return { forgotten: count, executions };
}

/** Interrupts that are pending on hart 1. */
function pending(machine: Machine): number {
  let word = 0;
  machine.start(1, function* () {
    word = yield csrRead('sip');
  });
  machine.run();
  return word;
}
