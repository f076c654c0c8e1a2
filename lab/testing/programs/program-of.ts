/**
 * A user program as a program that runs. Each thread is a procedure of its own, which is started by code address
 * like any other; what it closes over is the program, and that never changes. Results are registers.
 */
import { addressOf, type Code } from '../../../hw/isa/index.ts';
import { type Program, program } from '../../../userland/program.ts';
import { ROWS, type Row } from './rows.ts';
import type { Operation, UserProgram, Value } from './user-program.ts';

/** One operation of a thread, as it is carried out. Several threads may run the same code. */
export interface Carried {
  readonly thread: number;
  readonly index: number;
  readonly operation: Operation;
  readonly words: readonly number[];
}

/** Looks on from outside, as a trace sink does. */
export interface OnLooker {
  /** The operation is issued next. It may never give a result. */
  begins?(carried: Carried): void;
  ends?(carried: Carried, result: number): void;
}

type Procedure = (argument: number, block: number) => Code<number>;

/**
 * The program, for a kernel to run. A thread that comes to the end of its operations returns 0.
 * @param rows what its operations mean
 */
export function programOf(
  { threads }: UserProgram,
  onLooker: OnLooker = {},
  rows: ReadonlyMap<string, Row> = ROWS,
): Program {
  const procedures: readonly Procedure[] = threads.map(
    (operations, thread) =>
      function* scripted(_argument, block) {
        const results: number[] = [];
        for (const [index, operation] of operations.entries()) {
          const words: number[] = [];
          for (const value of operation.arguments) words.push(yield* wordOf(value, results, block));
          const carried = { thread, index, operation, words };
          onLooker.begins?.(carried);
          const result = yield (rows.get(operation.name) as Row).make(...words);
          results.push(result);
          onLooker.ends?.(carried, result);
        }
        return 0;
      },
  );

  function* wordOf(value: Value, results: readonly number[], block: number): Code<number> {
    if (typeof value === 'number') return value;
    if ('result' in value) return ((results[value.result] ?? 0) + value.plus) | 0;
    if ('stack' in value) return (block + value.stack) | 0;
    return yield addressOf(procedures[value.code] as Procedure);
  }

  return program({
    name: 'user-program',
    summary: 'a user program that was given as data',
    needs: ['shared-memory'],
    main: (env) => (procedures[0] as Procedure)(0, env.block),
  });
}
