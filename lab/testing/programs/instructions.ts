/**
 * The instructions that a user program may consist of beside its system calls, in rows like theirs. The last are
 * those of the kernel: in user mode they must end the process and do nothing else.
 */
import {
  compareAndSwap,
  createContext,
  csrWrite,
  environmentCall,
  fence,
  fenceTranslations,
  fetchAndAdd,
  fetchAndStore,
  flush,
  type Instruction,
  invalidate,
  load,
  load8,
  load16,
  loadReserved,
  panic,
  pause,
  prefetch,
  saveRegisters,
  sendInterrupt,
  store,
  store8,
  store16,
  storeConditional,
  supervisorReturn,
  testAndSet,
  waitForInterrupt,
  work,
  zeroLine,
} from '../../../hw/isa/index.ts';
import type { ArgumentKind } from '../../../kernel/abi/index.ts';

export interface InstructionRow {
  readonly name: string;
  readonly arguments: readonly { readonly name: string; readonly kind: ArgumentKind }[];
  /** How often it is drawn, against other instructions. */
  readonly weight: number;
  /** The instruction, to be yielded at once. */
  make(...words: number[]): Instruction;
}

const row = (
  weight: number,
  make: (...words: number[]) => Instruction,
  parameters: Readonly<Record<string, ArgumentKind>> = {},
): InstructionRow => ({
  name: make.name,
  weight,
  arguments: Object.entries(parameters).map(([name, kind]) => ({ name, kind })),
  make,
});

const USUAL = 8;
const SELDOM = 3;
/** It ends the process. */
const FORBIDDEN = 1;

/**
 * Cycles that one instruction computes at most: no interrupt is taken inside it, and on a hart without room in its
 * cache whoever waits for an answer executes each poll.
 */
const LONGEST_WORK = 1 << 20;

const address = 'address';
const word = 'word';

export const INSTRUCTIONS: readonly InstructionRow[] = [
  row(USUAL, load, { address }),
  row(USUAL, store, { address, value: word }),
  row(USUAL, fetchAndAdd, { address, addend: word }),
  row(USUAL, compareAndSwap, { address, expected: word, replacement: word }),
  row(USUAL, { work: (cycles = 0) => work(Math.min(cycles, LONGEST_WORK)) }.work, { cycles: 'cycles' }),
  row(SELDOM, load8, { address }),
  row(SELDOM, load16, { address }),
  row(SELDOM, store8, { address, value: word }),
  row(SELDOM, store16, { address, value: word }),
  row(SELDOM, testAndSet, { address }),
  row(SELDOM, fetchAndStore, { address, value: word }),
  row(SELDOM, loadReserved, { address }),
  row(SELDOM, storeConditional, { address, value: word }),
  row(SELDOM, zeroLine, { address }),
  row(SELDOM, flush, { address }),
  row(SELDOM, invalidate, { address }),
  row(SELDOM, prefetch, { address }),
  row(SELDOM, fence),
  row(SELDOM, pause),
  row(SELDOM, environmentCall, { number: word, a0: word, a1: word, a2: word, a3: word }),
  row(FORBIDDEN, sendInterrupt, { hart: 'hart' }),
  row(FORBIDDEN, waitForInterrupt),
  row(FORBIDDEN, supervisorReturn),
  row(FORBIDDEN, fenceTranslations, { address, space: word }),
  row(FORBIDDEN, createContext, { entry: 'code', argument0: word, argument1: word }),
  row(FORBIDDEN, saveRegisters, { context: 'count', address }),
  row(FORBIDDEN, panic, { code: word }),
  row(
    FORBIDDEN,
    function writeSatp(value = 0) {
      return csrWrite('satp', value);
    },
    { value: word },
  ),
];
