/**
 * The environment of a thread: a view on the thread block that the kernel fills in at the top of the
 * thread's user stack. It holds that address and nothing else, so that every thread has its own.
 *
 * Locals live in registers, so a program leaves its stack unused; `print` takes the low end of it as buffer.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { LIMIT, THREAD_BLOCK } from '../../kernel/abi/index.ts';
import type { Output } from './output.ts';
import { orThrow } from './system-call-error.ts';
import { consoleWrite } from './system-calls.ts';
import { encodeWords, splitText } from './text.ts';

export class Env implements Output {
  /** Address of the thread block: the second word that a thread is started with. */
  readonly block: number;

  constructor(block: number) {
    this.block = block;
  }

  /** This thread's number. */
  *thread(): Code<number> {
    return yield load(this.block + THREAD_BLOCK.THREAD);
  }

  /** This process's number. */
  *process(): Code<number> {
    return yield load(this.block + THREAD_BLOCK.PROCESS);
  }

  /** The hart that this thread was placed on when it started. */
  *hart(): Code<number> {
    return yield load(this.block + THREAD_BLOCK.HART);
  }

  /** The node of that hart. */
  *node(): Code<number> {
    return yield load(this.block + THREAD_BLOCK.NODE);
  }

  /** How many harts the machine has. */
  *harts(): Code<number> {
    return yield load(this.block + THREAD_BLOCK.HARTS);
  }

  /** The lowest address of this thread's stack: private scratch memory, of which `print` uses LIMIT.CONSOLE bytes. */
  *stack(): Code<number> {
    return yield load(this.block + THREAD_BLOCK.STACK);
  }

  // DOC: print
  /** Writes text to the console, up to LIMIT.CONSOLE bytes at a time; each such piece stays in one piece. */
  *print(text: string): Code {
    const buffer = yield* this.stack();
    for (const piece of splitText(text, LIMIT.CONSOLE)) {
      let address = buffer;
      for (const word of encodeWords(piece)) {
        yield store(address, word);
        address += 4;
      }
      orThrow('consoleWrite', yield* consoleWrite(buffer, piece.length));
    }
  }
}
