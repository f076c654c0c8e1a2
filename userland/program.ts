/**
 * The definition of a program: what it is called, which words it can be started with, and its code.
 *
 * The kernel starts a program by code address and two words, like any thread. `program()` adds what a C
 * library's start-up code adds: it reads the parameter words, runs `main`, and exits with its status.
 */
import { type Code, load } from '../hw/isa/index.ts';
import { MAX_PARAMETERS, THREAD_BLOCK } from '../kernel/abi/index.ts';
import { BareEnv } from './runtime/bare-env.ts';
import { Env } from './runtime/env.ts';
import { exit } from './runtime/system-calls.ts';

/** One word that a program can be started with. */
export interface Parameter {
  readonly summary: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Names that may be written instead of numbers. */
  readonly choices?: Readonly<Record<string, number>>;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** The parameter words by name, as `main` gets them: in registers. */
export type Words<P extends Parameters> = { readonly [Name in keyof P]: number };

/** What the machine must offer, or (`files`) its disk must hold; a program is refused where it is missing. */
export type Need = 'shared-memory' | 'files';

/** What `program()` is given. */
export interface Definition<P extends Parameters> {
  readonly name: string;
  /** One line for `eddy list programs`. */
  readonly summary: string;
  readonly needs?: readonly Need[];
  readonly parameters?: P;
  /** Ids of the checks that every good run under the kernel reports: a run that lacks one of them has failed. */
  readonly checks?: readonly string[];
  /** Runs as the first thread of a process; what it returns is the exit status of the process (nothing: 0). */
  readonly main: (env: Env, parameters: Words<P>) => Code<number | void>;
  /** Runs without a kernel, once on every hart at the same time, in supervisor mode without translation. */
  readonly bare?: (env: BareEnv, parameters: Words<P>) => Code<number | void>;
  /** Words of the memory shared by the bare form's harts that are not zero at the start, by their offset. */
  readonly bareData?: Readonly<Record<number, number>>;
  /** Whether the bare form can do without shared memory, where its barrier sends messages (`BarrierKind.messages`). */
  readonly bareMessages?: boolean;
  /** The bare form sees to its caches itself, by flush and invalidate, where the hardware does not. */
  readonly bareCaches?: boolean;
  /** What `eddy trace` shows of it unless told otherwise. Default: page faults. */
  readonly trace?: 'fault' | 'call';
}

/** A program as the loader sees it: declarations and entry points. Made by `program()` only. */
export interface Program {
  readonly kind: typeof PROGRAM;
  readonly name: string;
  readonly summary: string;
  readonly needs: readonly Need[];
  readonly parameters: Parameters;
  readonly checks: readonly string[];
  /** Where the kernel starts the first thread: argument (always 0) and thread block. */
  readonly entry: (argument: number, block: number) => Code<number>;
  /** Where a machine without a kernel starts each hart: hart number and bare block. */
  readonly bareEntry: ((hart: number, block: number) => Code<number>) | undefined;
  readonly bareData: Readonly<Record<number, number>>;
  readonly bareMessages: boolean;
  readonly bareCaches: boolean;
  readonly trace: 'fault' | 'call';
}

const PROGRAM = 'eddy-os/program';

/**
 * Declares a program.
 * @throws RangeError when a parameter's default lies outside its own range, or there are too many
 */
export const program = <const P extends Parameters = Record<never, Parameter>>(
  definition: Definition<P>,
): Program => {
  const parameters: Parameters = definition.parameters ?? {};
  checkParameters(definition.name, parameters);
  const { main, bare } = definition;
  return {
    kind: PROGRAM,
    name: definition.name,
    summary: definition.summary,
    needs: definition.needs ?? [],
    parameters,
    checks: definition.checks ?? [],
    *entry(_argument, block) {
      const words = yield* readParameters<P>(parameters, block);
      return yield* exit((yield* main(new Env(block), words)) ?? 0);
    },
    bareEntry:
      bare &&
      function* (hart, block) {
        const words = yield* readParameters<P>(parameters, block);
        return (yield* bare(new BareEnv(hart, block), words)) ?? 0;
      },
    bareData: definition.bareData ?? {},
    bareMessages: definition.bareMessages ?? false,
    bareCaches: definition.bareCaches ?? false,
    trace: definition.trace ?? 'fault',
  };
};

/** Whether a value, such as a module's default export, is a program. */
export const isProgram = (value: unknown): value is Program =>
  typeof value === 'object' && value !== null && (value as Partial<Program>).kind === PROGRAM;

// DOC: read-parameters
function* readParameters<P extends Parameters>(parameters: Parameters, block: number): Code<Words<P>> {
  const words: Record<string, number> = {};
  let address = block + THREAD_BLOCK.PARAMETER;
  for (const name of Object.keys(parameters)) {
    words[name] = yield load(address);
    address += 4;
  }
  return words as Words<P>;
}

const checkParameters = (program: string, parameters: Parameters): void => {
  const names = Object.keys(parameters);
  if (names.length > MAX_PARAMETERS) {
    throw new RangeError(`program ${program}: ${names.length} parameters, at most ${MAX_PARAMETERS} fit`);
  }
  for (const name of names) {
    const { default: value, min, max } = parameters[name] as Parameter;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new RangeError(
        `program ${program}: the default of ${name}, ${value}, is not within ${min}–${max}`,
      );
    }
  }
};
