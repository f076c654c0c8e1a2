/**
 * The trap-and-resume contract: what a program computes does not depend on when it is interrupted, nor on
 * which of its pages are missing when it touches them.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../../hw/config.ts';
import {
  addressOf,
  call,
  type Code,
  csrRead,
  csrSwap,
  csrWrite,
  environmentCall,
  fenceTranslations,
  fetchAndAdd,
  load,
  load16,
  loadReserved,
  restoreRegisters,
  satpFor,
  saveRegisters,
  sendInterrupt,
  spinUntil,
  spinUntilAny,
  spinUntilNot,
  store,
  storeConditional,
  supervisorReturn,
  waitForInterrupt,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { makePte, PTE } from '../../../hw/mmu/page-table.ts';
import { effort } from '../effort.ts';
import { shapes, small } from '../machines.ts';
import { access, type Access, perform } from '../random-access.ts';
import { ALL_INTERRUPTS, startKernel, type Trap, type Verdict } from '../test-kernel.ts';

const THREADS = 2;
/** First virtual address of the user's pages; two pages per thread, and one that they share. */
const USER = 0x40_0000;
const PAGES = 2 * THREADS + 1;
const SHARED = USER + 0x1000 * 2 * THREADS;
const UNMAPPED = 0x90_0000;
const FULL = PTE.VALID | PTE.READ | PTE.WRITE | PTE.USER | PTE.ACCESSED | PTE.DIRTY;

const tablesOf = (hart: number): number => 0x1_0000 + 0x3000 * hart;
const frameOf = (hart: number, page: number): number => 0x4_0000 + 0x1000 * (hart * PAGES + page);
const trapFrameOf = (hart: number): number => tablesOf(hart) + 0x2000;
const pteOf = (hart: number, page: number): number => tablesOf(hart) + 0x1000 + 4 * page;

const MORE = [
  'add',
  'add-shared',
  'call',
  'system-call',
  'misaligned',
  'unmapped',
  'privileged',
  'spin',
  'spin-not',
  'spin-any',
  'address-of',
  'register-page',
] as const;
type Act =
  | { readonly kind: 'access'; readonly access: Access }
  | { readonly kind: (typeof MORE)[number]; readonly word: number; readonly value: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: access.map((chosen) => ({ kind: 'access' as const, access: chosen })) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom(...MORE), word: fc.nat(95), value: fc.integer() }),
  },
);

/** A thread's words lie on both sides of the border of its two pages. */
const addressOfWord = (thread: number, word: number): number =>
  USER + 0x2000 * thread + 0x1000 - 192 + 4 * word;

function* addByReservation(address: number, value: number): Code<number> {
  for (;;) {
    const old = yield loadReserved(address);
    if ((yield storeConditional(address, old + value)) === 0) return old;
  }
}

function* twice(address: number): Code<number> {
  const first = yield load(address);
  yield store(address, first + 1);
  return (first + (yield load(address))) | 0;
}

function* does(thread: number, chosen: Act): Code<number> {
  if (chosen.kind === 'access') {
    const { kind, word } = chosen.access;
    const address = addressOfWord(thread, word);
    // Whether a lone store-conditional succeeds is the machine's to say: here only loops of them.
    if (kind === 'storeConditional') return yield* addByReservation(address, chosen.access.value);
    return yield* perform(chosen.access, address);
  }
  const { kind, word, value } = chosen;
  const address = addressOfWord(thread, word);
  switch (kind) {
    case 'add':
      return yield* addByReservation(address, value);
    case 'add-shared':
      yield fetchAndAdd(SHARED + 4 * (word % 8), value);
      yield* addByReservation(SHARED + 4 * (word % 8), 1);
      return 0;
    case 'call':
      return yield* call(twice(address));
    case 'system-call':
      return yield environmentCall(word, value, 1, 2, 3, 4, 5);
    case 'misaligned':
      return (yield load(address + 1)) + (yield store(address + 2, 1)) + (yield load16(address + 1));
    case 'unmapped':
      return (yield load(UNMAPPED + 4 * word)) + (yield store(UNMAPPED + 4 * word, value));
    case 'privileged':
      return (yield csrRead('satp')) + (yield waitForInterrupt()) + (yield supervisorReturn());
    case 'spin': {
      const now = yield load(address);
      return yield spinUntil(address, now);
    }
    case 'spin-not':
      return yield spinUntilNot(address, (yield load(address)) + 1);
    case 'spin-any': {
      const other = addressOfWord(thread, (word * 7) % 96);
      return yield spinUntilAny(address, yield load(address), other, (yield load(other)) + 1);
    }
    case 'address-of':
      return Number((yield addressOf(twice)) < 0);
    case 'register-page':
      return yield fetchAndAdd(address, value);
  }
}

interface Trouble {
  readonly seed: number;
  /** Longest time between timer interrupts. */
  readonly longest: number;
}

/** Everything that the programs computed. */
function outcome(config: MachineConfig, plans: readonly (readonly Act[])[], trouble: Trouble | undefined) {
  const machine = new Machine(config);
  const logs: number[][] = [];
  const endings = Array.from({ length: machine.harts }, (_, hart) => {
    const random = randomFrom((trouble?.seed ?? 0) + hart);
    machine.poke(tablesOf(hart) + 4, makePte(tablesOf(hart) + 0x1000, PTE.VALID));
    for (let page = 0; page < PAGES; page++)
      machine.poke(pteOf(hart, page), makePte(frameOf(hart, page), FULL));

    function* restore(page: number): Code {
      yield store(pteOf(hart, page), makePte(frameOf(hart, page), FULL));
      yield fenceTranslations(USER + 0x1000 * page, hart);
    }

    /** Takes some pages away, or a right, or marks; tells the TLB in one way or another. */
    function* causeTrouble(): Code {
      for (let page = 0; page < PAGES; page++) {
        const lost = [
          PTE.VALID,
          PTE.WRITE,
          PTE.READ | PTE.WRITE,
          PTE.ACCESSED | PTE.DIRTY,
          PTE.USER,
          0,
          0,
          0,
        ][random(8)] as number;
        if (lost !== 0) yield store(pteOf(hart, page), (yield load(pteOf(hart, page))) & ~lost);
        if (lost !== 0 && random(2) === 0) yield fenceTranslations(USER + 0x1000 * page, hart);
      }
      if (random(2) === 0) yield fenceTranslations();
    }

    function* handle({ cause, value, context }: Trap): Code<Verdict> {
      const satp = yield csrSwap('satp', 0);
      let verdict: Verdict = { result: -cause };
      const page = (value - USER) >> 12;
      if (cause === CAUSE.loadPageFault || cause === CAUSE.storePageFault) {
        if (page >= 0 && page < PAGES) {
          yield* restore(page);
          verdict = 'again';
        }
      } else if (cause === CAUSE.userCall) {
        const frame = trapFrameOf(hart);
        yield saveRegisters(context, frame);
        const result =
          (yield load(frame + 4 * 10)) * 3 + (yield load(frame + 4 * 17)) + (yield load(frame + 4 * 15));
        yield restoreRegisters(context, frame);
        verdict = { result: result | 0 };
      } else if (cause < 0) {
        if (trouble !== undefined) yield* causeTrouble();
        verdict = 'again';
        yield csrWrite('sip', 0);
        if (random(3) === 0) yield sendInterrupt(random(machine.harts));
        if (trouble !== undefined)
          yield csrWrite('stimecmp', (yield csrRead('time')) + 40 + random(trouble.longest));
      }
      yield csrWrite('satp', satp);
      return verdict;
    }

    return startKernel(machine, hart, {
      programs: Array.from({ length: THREADS }, (_, thread) => {
        const log: number[] = [];
        logs.push(log);
        const plan = plans[(hart * THREADS + thread) % plans.length] ?? [];
        return function* program() {
          for (const chosen of plan) log.push(yield* does(thread, chosen));
          return thread;
        };
      }),
      handle,
      *prepare() {
        yield csrWrite('satp', satpFor(tablesOf(hart), hart));
        if (trouble === undefined) return;
        yield csrWrite('sie', ALL_INTERRUPTS);
        yield csrWrite('stimecmp', (yield csrRead('time')) + 1 + random(trouble.longest));
      },
      choose: (living, trapped) =>
        trouble === undefined ? trapped : (living[random(living.length)] as number),
    });
  });
  const stop = machine.run({ instructions: 2_000_000 });
  const memory = Array.from({ length: machine.harts * PAGES * 1024 }, (_, word) =>
    machine.peek(frameOf(0, 0) + 4 * word),
  );
  return {
    result: { stop, logs, endings, memory: memory.join() },
    traps: machine.counters.total('traps'),
    faults: machine.counters.total('pageFaults'),
  };
}

/** Random numbers from 0 to one below the bound. */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) % bound;
  };
}

describe('trap and resume', () => {
  test('gives the same results with and without interrupts, missing pages and changes of thread', () => {
    let traps = 0;
    let faults = 0;
    fc.assert(
      fc.property(
        shapes(2),
        fc.array(fc.array(act, { maxLength: 40, size: 'max' }), { minLength: 4, maxLength: 4 }),
        fc.record({ seed: fc.nat(), longest: fc.integer({ min: 20, max: 600 }) }),
        fc.boolean(),
        (shape, plans, trouble, elideSpins) => {
          // Two harts that share a cache of one line can take each other's reservations for ever.
          const ways = Math.max(shape.ways, 2 * shape.hartsPerCore);
          const config = small({ ...shape, ways }, { elideSpins });
          const undisturbed = outcome(config, plans, undefined);
          const disturbed = outcome(config, plans, trouble);
          expect(undisturbed.result.stop).toEqual({ kind: 'finished' });
          expect(disturbed.result).toEqual(undisturbed.result);
          traps += disturbed.traps - undisturbed.traps;
          faults += disturbed.faults - undisturbed.faults;
        },
      ),
      effort(60),
    );
    // The trouble was real.
    expect(traps).toBeGreaterThan(2000);
    expect(faults).toBeGreaterThan(500);
  });
});
