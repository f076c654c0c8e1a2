/**
 * Programs that are simpler than a given one, the simplest first: without a thread, without some of its
 * operations, with a plainer value. Each has fewer threads, else fewer operations, else values nearer to 0, so
 * that going on with a simpler one always ends.
 */
import type { Operation, UserProgram, Value } from './user-program.ts';

// DOC: simpler-programs
/** All that are a step simpler. */
export function* simpler(program: UserProgram): Generator<UserProgram, void, undefined> {
  yield* withoutThreads(program);
  yield* withoutOperations(program);
  yield* withPlainerValues(program);
}

/** One thread alone, then all but one: the first only if it does nothing, since it is the one that starts others. */
function* withoutThreads({ threads }: UserProgram): Generator<UserProgram, void, undefined> {
  if (threads.length === 1) return;
  for (const operations of threads)
    yield {
      threads: [operations.map((operation) => mapped(operation, (value) => (isCode(value) ? 0 : value)))],
    };
  const first = threads[0]?.length === 0 ? 0 : 1;
  for (let gone = threads.length - 1; gone >= first; gone--) {
    yield {
      threads: threads
        .filter((_, thread) => thread !== gone)
        .map((operations) => dropped(operations, (operation) => startsThread(operation, gone)))
        .map((operations) =>
          operations.map((operation) => mapped(operation, (value) => renumbered(value, gone))),
        ),
    };
  }
}

const isCode = (value: Value): value is { readonly code: number } =>
  typeof value === 'object' && 'code' in value;

const startsThread = ({ arguments: values }: Operation, thread: number): boolean =>
  values.some((value) => isCode(value) && value.code === thread);

const renumbered = (value: Value, gone: number): Value =>
  isCode(value) && value.code > gone ? { code: value.code - 1 } : value;

/** Halves, quarters, … single operations of each thread. */
function* withoutOperations({ threads }: UserProgram): Generator<UserProgram, void, undefined> {
  const longest = Math.max(...threads.map((operations) => operations.length));
  for (let size = longest; size >= 1; size = Math.floor(size / 2)) {
    for (const [thread, operations] of threads.entries()) {
      if (size > operations.length) continue;
      for (let from = 0; from < operations.length; from += size) {
        const gone = new Set(operations.slice(from, from + size));
        const left = dropped(operations, (_, index) => index >= from && index < from + size);
        if (gone.size > 0) yield { threads: threads.with(thread, left) };
      }
    }
  }
}

/** Without some operations; results are numbered anew, and that of one which is gone becomes 0. */
function dropped(
  operations: readonly Operation[],
  isGone: (operation: Operation, index: number) => boolean,
): Operation[] {
  const places = new Map<number, number>();
  for (const [index, operation] of operations.entries())
    if (!isGone(operation, index)) places.set(index, places.size);
  return operations
    .filter((_, index) => places.has(index))
    .map((operation) =>
      mapped(operation, (value) => {
        if (typeof value !== 'object' || !('result' in value)) return value;
        const result = places.get(value.result);
        return result === undefined ? value.plus : { ...value, result };
      }),
    );
}

const mapped = ({ name, arguments: values }: Operation, change: (value: Value) => Value): Operation => ({
  name,
  arguments: values.map(change),
});

function* withPlainerValues({ threads }: UserProgram): Generator<UserProgram, void, undefined> {
  for (const [thread, operations] of threads.entries()) {
    for (const [index, operation] of operations.entries()) {
      for (const [position, value] of operation.arguments.entries()) {
        for (const plainer of plainerThan(value)) {
          const values = operation.arguments.with(position, plainer);
          yield {
            threads: threads.with(thread, operations.with(index, { ...operation, arguments: values })),
          };
        }
      }
    }
  }
}

/** Values nearer to 0: a number by halves; anything else first as 0, then without what is added to it. */
function plainerThan(value: Value): Value[] {
  if (typeof value === 'number') {
    const candidates = [0, 1, Math.trunc(value / 2), -value].filter((plainer) => isPlainer(plainer, value));
    return [...new Set(candidates)];
  }
  if ('result' in value)
    return value.plus === 0
      ? [0]
      : [0, { ...value, plus: 0 }, { ...value, plus: Math.trunc(value.plus / 2) }];
  if ('stack' in value)
    return value.stack === 0 ? [0] : [0, { stack: 0 }, { stack: Math.trunc(value.stack / 2) }];
  return [0];
}

const isPlainer = (left: number, right: number): boolean =>
  Math.abs(left) < Math.abs(right) || (left === -right && right < 0 && left > 0);
