/**
 * Random programs that spin, and end: all harts go through the same rounds, in each of which they meet in some
 * way. What a hart does beside that is random: work, and accesses that evict the lines that others spin on.
 */
import fc from 'fast-check';
import {
  type Code,
  csrRead,
  csrWrite,
  fetchAndAdd,
  fetchAndStore,
  INTERRUPT,
  load,
  pause,
  sendInterrupt,
  spinUntil,
  spinUntilAny,
  spinUntilNot,
  SSTATUS,
  store,
  supervisorReturn,
  testAndSet,
  work,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import type { Machine } from '../../../hw/machine.ts';

const MEETINGS = ['lock', 'ticket', 'turns', 'barrier', 'either', 'queue', 'noise'] as const;

export interface Round {
  readonly meeting: (typeof MEETINGS)[number];
  /** What each hart does before and inside; hart h uses entry h modulo the length. */
  readonly chores: readonly { readonly before: number; readonly inside: number; readonly touches: number }[];
}

export const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    meeting: fc.constantFrom(...MEETINGS),
    chores: fc.array(fc.record({ before: fc.nat(60), inside: fc.nat(30), touches: fc.nat(4) }), {
      minLength: 3,
      maxLength: 8,
    }),
  }),
  { minLength: 1, maxLength: 8, size: 'max' },
);

const LOCK = 0x1000;
const SUM = 0x1004;
const TICKET = 0x1010;
const SERVING = 0x1020;
const TAIL = 0x1030;
const ROUNDS = 0x2000;
const FLAGS = 0x4000;
const PRIVATE = 0x8000;

/** Words of each hart and round: some share a line, as false sharing wants it. */
const flag = (round: number, hart: number): number => FLAGS + 0x100 * round + 8 * hart;

/** The program of a hart. */
export function* goThrough(
  hart: number,
  harts: number,
  plan: readonly Round[],
  see: (value: number) => void,
): Code {
  for (const [number, { meeting, chores }] of plan.entries()) {
    const chore = chores[hart % chores.length] ?? { before: 0, inside: 0, touches: 0 };
    if (chore.before > 0) yield work(chore.before);
    for (let touch = 0; touch < chore.touches; touch++)
      see(yield load(PRIVATE + 0x10 * ((hart * 7 + touch) % 32)));
    yield* meet(meeting, number, hart, harts, chore.inside, see);
  }
}

function* meet(
  meeting: Round['meeting'],
  round: number,
  hart: number,
  harts: number,
  inside: number,
  see: (value: number) => void,
): Code {
  const next = (hart + 1) % harts;
  const before = (hart + harts - 1) % harts;
  switch (meeting) {
    case 'lock':
      while ((yield testAndSet(LOCK)) !== 0) yield spinUntil(LOCK, 0);
      yield* critical(inside, see);
      yield store(LOCK, 0);
      return;
    case 'ticket': {
      const mine = yield fetchAndAdd(TICKET, 1);
      yield spinUntil(SERVING, mine);
      yield* critical(inside, see);
      yield store(SERVING, mine + 1);
      return;
    }
    case 'turns':
      if (hart !== 0) see(yield spinUntilNot(flag(round, hart), 0));
      yield* critical(inside, see);
      if (next !== 0) yield store(flag(round, next), round + 1);
      return;
    case 'barrier':
      if ((yield fetchAndAdd(ROUNDS + 16 * round, 1)) === harts - 1) yield store(ROUNDS + 16 * round + 4, 1);
      else see(yield spinUntil(ROUNDS + 16 * round + 4, 1));
      return;
    case 'either':
      yield work(inside + 1);
      yield store(flag(round, next), 1);
      yield store(flag(round, before) + 4, 1);
      // Which of the two comes first is a matter of time; that one comes is not.
      see(yield spinUntilAny(flag(round, hart), 0, flag(round, hart) + 4, 0));
      see(yield spinUntilAny(flag(round, hart) + 4, 0, flag(round, hart), 0));
      return;
    case 'queue': {
      const predecessor = yield fetchAndStore(TAIL, flag(round, hart));
      if (predecessor >= flag(round, 0) && predecessor < flag(round, harts))
        yield spinUntilNot(predecessor, 0);
      yield* critical(inside, see);
      yield store(flag(round, hart), 1);
      return;
    }
    case 'noise':
      for (let turn = 0; turn < 4; turn++) {
        see(yield fetchAndAdd(LOCK + 8 + 4 * (turn % 2), 1));
        yield pause();
      }
  }
}

function* critical(inside: number, see: (value: number) => void): Code {
  const sum = yield load(SUM);
  see(sum);
  if (inside > 0) yield work(inside);
  yield store(SUM, sum + 1);
}

/**
 * Lets interrupts come to a hart: a timer that is set again and again, and what others send. The handler counts
 * in memory, so that it may evict what the hart spins on.
 */
export function* admitInterrupts(machine: Machine, every: number): Code {
  const handler = machine.code.addressOf(function* handler() {
    const cause = yield csrRead('scause');
    const hart = yield csrRead('mhartid');
    yield fetchAndAdd(PRIVATE + 0x400 + 0x10 * hart, 1);
    // Set last, so that what was interrupted gets on however often the timer comes.
    if (cause === CAUSE.timerInterrupt)
      yield csrWrite('stimecmp', (yield csrRead('time')) + every + 7 * hart);
    else yield csrWrite('sip', 0);
    yield supervisorReturn();
  });
  yield csrWrite('stvec', handler);
  yield csrWrite('sie', INTERRUPT.software | INTERRUPT.timer);
  yield csrWrite('stimecmp', (yield csrRead('time')) + every);
  yield csrWrite('sstatus', SSTATUS.SIE);
}

/** Ends what `admitInterrupts` began, so that the machine comes to an end. */
export function* refuseInterrupts(): Code {
  yield csrWrite('sstatus', 0);
  yield csrWrite('stimecmp', 0);
}

/** Interrupts another hart now and then. */
export function* nudge(hart: number, harts: number, times: number): Code {
  for (let time = 0; time < times; time++) yield sendInterrupt((hart + 1 + time) % harts);
}
