/** How a run ended, and what that means for the exit status of `eddy`. */
import { causeName } from '../../hw/isa/trap.ts';
import { exitStatusRow } from '../../kernel/abi/exit-status.ts';
import { EXIT } from '../cli/exit.ts';
import type { ThreadWait } from './threads.ts';

export type Ending =
  /**
   * The first process ended with this status. `reasons`: the exceptions that programs threw, or what the
   * kernel said of one that it ended.
   */
  | { readonly kind: 'exited'; readonly status: number; readonly reasons: readonly string[] }
  /** Without a kernel: every hart's program ended; the first status that was not 0, or 0. */
  | { readonly kind: 'finished'; readonly status: number; readonly hart: number }
  /** The machine was given a fault: its power failed. */
  | { readonly kind: 'powerLost'; readonly cycle: number }
  | { readonly kind: 'budget'; readonly what: 'steps' | 'cycles'; readonly limit: number }
  /** Nobody can ever go on, or all that could only poll in vain. */
  | { readonly kind: 'deadlock'; readonly waits: readonly ThreadWait[] }
  /** The kernel found its own state broken. */
  | { readonly kind: 'panic'; readonly who: string; readonly text: string }
  /** Code in supervisor mode threw or trapped: the kernel's fault, or that of a program without one. */
  | { readonly kind: 'crashed'; readonly who: string; readonly message: string }
  /** A program computed for too long without yielding. */
  | { readonly kind: 'runaway'; readonly who: string; readonly seconds: number };

const MOST_SHOWN = 8;

/** An exit status with what there is to say about it; no message when all is well. */
export interface Verdict {
  readonly status: number;
  readonly message?: string;
}

/** What an ending means by itself, before checks and invariants are looked at. */
export function verdictOf(ending: Ending, program: string): Verdict {
  switch (ending.kind) {
    case 'exited':
      return exited(ending, program);
    case 'finished':
      if (ending.status === 0) return { status: EXIT.ok };
      return {
        status: EXIT.checkFailed,
        message: `${program} on hart ${ending.hart} ended with status ${ending.status}`,
      };
    case 'powerLost':
      return { status: EXIT.crashed, message: `${program} lost its power at cycle ${ending.cycle}` };
    case 'budget': {
      const option = ending.what === 'steps' ? '--max-steps' : '--max-cycles';
      const message = `${program} did not end within ${ending.limit.toLocaleString('en')} ${ending.what} (${option})`;
      return { status: EXIT.budget, message };
    }
    case 'deadlock':
      return { status: EXIT.deadlock, message: `deadlock: nobody can go on; ${list(ending.waits)}` };
    case 'panic':
      return { status: EXIT.crashed, message: `kernel panic: ${ending.text} (${ending.who})` };
    case 'crashed':
      return { status: EXIT.crashed, message: `${ending.who} crashed: ${ending.message}` };
    case 'runaway':
      return {
        status: EXIT.crashed,
        message: `${ending.who} computed for ${ending.seconds} s without yielding an instruction; a loop must yield, if only pause()`,
      };
  }
}

/** The first few waits; a document has all of them. */
function list(waits: readonly ThreadWait[]): string {
  const shown = waits.slice(0, MOST_SHOWN).map((wait) => wait.text);
  const more = waits.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}

function exited({ status, reasons }: Extract<Ending, { kind: 'exited' }>, program: string): Verdict {
  if (status === 0) return { status: EXIT.ok };
  if (status > 0) return { status: EXIT.checkFailed, message: `${program} ended with status ${status}` };
  const why = reasons.length > 0 ? `: ${reasons.join('; ')}` : '';
  return { status: EXIT.crashed, message: `${program} was ended by ${enderOf(status)}${why}` };
}

/** An exception's status is minus its cause. */
function enderOf(status: number): string {
  const row = exitStatusRow(status);
  if (row?.name === 'exception') return `an exception (${causeName(-status)})`;
  return `the kernel (${row?.name ?? `status ${status}`})`;
}
