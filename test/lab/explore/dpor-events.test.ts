/** Partial-order reduction with device events: the same outcomes as every schedule has, in fewer executions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Code,
  csrRead,
  csrWrite,
  load,
  sendInterrupt,
  SSTATUS,
  store,
  supervisorReturn,
  waitForInterrupt,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { DepthFirst } from '../../../lab/explore/depth-first.ts';
import { everyExecution, type Search } from '../../../lab/explore/every-execution.ts';
import { smallWith } from '../../hw/machines.ts';

const WORDS = [0x100, 0x200];
const FROM_HANDLER = 0x300;

const access = fc.record({
  what: fc.constantFrom('load' as const, 'store' as const),
  word: fc.constantFrom(...WORDS),
});
const other = <T extends string>(...kinds: T[]) =>
  fc.record({ what: fc.constantFrom(...kinds), word: fc.constant(0) });
/** Hart 0 has a handler and a timer; hart 1 sends it interrupts. */
const interrupted = fc.array(fc.oneof(access, other('timer', 'wait', 'mask')), { maxLength: 3 });
const sender = fc.array(fc.oneof(access, other('send')), { maxLength: 1 });

interface Operation {
  readonly what: 'load' | 'store' | 'timer' | 'wait' | 'mask' | 'send';
  readonly word: number;
}

/** Copies a word that the programs use, so that it matters when an interrupt comes. */
function* handler(): Code {
  yield store(FROM_HANDLER, (yield load(FROM_HANDLER)) * 4 + (yield load(WORDS[0] as number)) + 1);
  yield csrWrite('stimecmp', 0);
  yield csrWrite('sip', 0);
  yield supervisorReturn();
}

function* carryOut(hart: number, operations: readonly Operation[], seen: number[]): Code {
  for (const [index, { what, word }] of operations.entries()) {
    if (what === 'load') seen.push(yield load(word));
    else if (what === 'store') yield store(word, 10 * hart + index + 1);
    else if (what === 'send') yield sendInterrupt(0);
    else if (what === 'timer') yield csrWrite('stimecmp', (yield csrRead('time')) + 100);
    else if (what === 'mask') yield csrWrite('sstatus', 0);
    else yield waitForInterrupt();
  }
}

function build(harts: readonly (readonly Operation[])[], seen: number[][]): Machine {
  const machine = new Machine(smallWith('smp', 2));
  machine.chooseEvents();
  seen[0] = [];
  seen[1] = [];
  machine.start(0, function* run() {
    yield csrWrite('stvec', machine.code.addressOf(handler));
    yield csrWrite('sie', -1);
    yield csrWrite('sstatus', SSTATUS.SIE);
    yield* carryOut(0, harts[0] ?? [], seen[0] as number[]);
  });
  machine.run({ instructions: 3 });
  machine.start(1, () => carryOut(1, harts[1] ?? [], seen[1] as number[]));
  return machine;
}

function outcomes(
  harts: readonly (readonly Operation[])[],
  search?: Search,
): { found: string[]; executions: number } {
  const seen: number[][] = [];
  const found = new Set<string>();
  const { executions, exhausted } = everyExecution(
    () => build(harts, seen),
    (machine, stop) => {
      const words = [...WORDS, FROM_HANDLER].map((word) => machine.peek(word));
      found.add(JSON.stringify([stop.kind, words, seen]));
    },
    { ...(search === undefined ? {} : { search }), limit: 40_000 },
  );
  expect(exhausted).toBe(true);
  return { found: [...found].toSorted(), executions };
}

describe('partial-order reduction with device events', () => {
  test('finds every outcome that plain depth-first search finds', () => {
    let fewer = 0;
    fc.assert(
      fc.property(interrupted, sender, (first, second) => {
        const reduced = outcomes([first, second]);
        const all = outcomes([first, second], new DepthFirst());
        expect(reduced.found).toEqual(all.found);
        expect(reduced.executions).toBeLessThanOrEqual(all.executions);
        if (reduced.executions < all.executions) fewer++;
      }),
      { numRuns: 60, seed: 3 },
    );
    expect(fewer).toBeGreaterThan(10);
  }, 60_000);

  test('tries a timer interrupt at every place where it matters', () => {
    const [word] = WORDS as [number];
    const { found } = outcomes([
      [
        { what: 'timer', word },
        { what: 'store', word },
        { what: 'load', word },
        { what: 'store', word },
      ],
    ]);
    // Before the first store, between the two, or so late that the program has ended and nobody sees it.
    expect(found).toHaveLength(3);
  });
});
