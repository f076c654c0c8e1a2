/**
 * The least kernel that can run user programs: it enters them, takes every trap in one handler, and lets the
 * test say what to do about it. Contexts of one hart take turns if the test wants it.
 */
import {
  addressOf,
  type Code,
  createContext,
  csrRead,
  csrWrite,
  INTERRUPT,
  SSTATUS,
  supervisorReturn,
} from '../../hw/isa/index.ts';
import { CAUSE } from '../../hw/isa/trap.ts';
import type { Machine } from '../../hw/machine.ts';

/** A trap, as the handler finds it in the registers. */
export interface Trap {
  readonly hart: number;
  readonly context: number;
  readonly cause: number;
  readonly value: number;
}

/** What the kernel does then: issue the instruction again, or complete it with a value. */
export type Verdict = 'again' | { readonly result: number };

export interface TestKernel {
  /** User programs, started in this order; the hart stops when all have ended. */
  readonly programs: readonly (() => Code<number | void>)[];
  readonly handle: (trap: Trap) => Code<Verdict>;
  /** Runs before the first program, in supervisor mode. */
  readonly prepare?: () => Code;
  /** Which of the contexts that have not ended runs next; the one that trapped is given, too. */
  readonly choose?: (living: readonly number[], trapped: number) => number;
}

/** What happened to the programs: what each gave, in the order of `programs`, or its exception. */
export interface Ending {
  readonly values: (number | undefined)[];
  readonly causes: number[];
}

/** Starts the kernel with its programs on a hart. */
export function startKernel(machine: Machine, hart: number, kernel: TestKernel): Ending {
  const ending: Ending = { values: kernel.programs.map(() => undefined), causes: [] };
  const contexts: number[] = [];
  let living: number[] = [];

  function* handler(): Code {
    const trap: Trap = {
      hart,
      context: yield csrRead('sepc'),
      cause: yield csrRead('scause'),
      value: yield csrRead('stval'),
    };
    let verdict: Verdict = 'again';
    if (trap.cause === CAUSE.programEnded || trap.cause === CAUSE.programThrew) {
      const index = contexts.indexOf(trap.context);
      if (trap.cause === CAUSE.programEnded) ending.values[index] = trap.value;
      ending.causes[index] = trap.cause;
      living = living.filter((context) => context !== trap.context);
      if (living.length === 0) {
        yield csrWrite('sie', 0);
        yield csrWrite('stimecmp', 0);
        return;
      }
      yield csrWrite('sepc', living[0] as number);
    } else {
      verdict = yield* kernel.handle(trap);
      if (verdict === 'again' && kernel.choose !== undefined)
        yield csrWrite('sepc', kernel.choose(living, trap.context));
    }
    if (verdict !== 'again') yield csrWrite('sresult', verdict.result);
    yield supervisorReturn();
  }

  machine.start(hart, function* boot() {
    yield csrWrite('stvec', yield addressOf(handler));
    yield csrWrite('sctx', yield csrRead('scurrent'));
    for (const program of kernel.programs) contexts.push(yield createContext(yield addressOf(program)));
    living = [...contexts];
    if (kernel.prepare !== undefined) yield* kernel.prepare();
    yield csrWrite('sepc', contexts[0] as number);
    yield csrWrite('sstatus', (yield csrRead('sstatus')) & ~SSTATUS.SPP);
    yield supervisorReturn();
  });
  return ending;
}

/** All interrupts, for `sie`. */
export const ALL_INTERRUPTS = INTERRUPT.software | INTERRUPT.timer | INTERRUPT.external;
