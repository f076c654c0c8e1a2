/**
 * The environment of a program that runs without a kernel: one thread on every hart, in supervisor mode,
 * with physical addresses. Each hart is started with two words, its number and the address of a bare block.
 *
 * A bare block is laid out like a thread block (kernel/abi/startup.ts), and the harts may share one:
 * HARTS, PARAMETERS and the parameter words mean the same; STACK is the start of memory that all harts
 * share, zero at the start; one word more, CONSOLE, is the address of a register that prints bytes.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { THREAD_BLOCK, THREAD_BLOCK_SIZE } from '../../kernel/abi/index.ts';
import type { Output } from './output.ts';

/** The thread block's layout, and what a bare block has beside it. */
export const BARE_BLOCK = { ...THREAD_BLOCK, CONSOLE: THREAD_BLOCK_SIZE } as const;

export class BareEnv implements Output {
  private readonly number: number;
  /** Address of the bare block. */
  readonly block: number;

  constructor(hart: number, block: number) {
    this.number = hart;
    this.block = block;
  }

  /** The hart that runs this. Without a kernel it is a register: reading it costs nothing. */
  hart(): number {
    return this.number;
  }

  /** How many harts run this program. */
  *harts(): Code<number> {
    return yield load(this.block + BARE_BLOCK.HARTS);
  }

  /** The first address of memory that all harts share, zero at the start. */
  *memory(): Code<number> {
    return yield load(this.block + BARE_BLOCK.STACK);
  }

  /** Writes text to the console byte by byte: what several harts print at once comes out mixed. */
  *print(text: string): Code {
    const register = yield load(this.block + BARE_BLOCK.CONSOLE);
    if (register === 0) return;
    for (const byte of new TextEncoder().encode(text)) yield store(register, byte);
  }
}
