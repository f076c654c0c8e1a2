/**
 * User programs as text. A line `thread N` begins a thread, every other line is an operation with its words:
 *
 *     thread 0
 *       mmap 0, 16384, 3, 0
 *       store r0+4096, 7
 *       threadSpawn @1, 0, -1
 *     thread 1
 *       load stack-64
 *
 * `r0` is the result of the thread's operation 0, `stack` the address of its thread block, `@1` the code of
 * thread 1. A semicolon ends a line, too, so that a program fits into one.
 */
import { UsageError } from '../../cli/exit.ts';
import { unknown } from '../../cli/nearest.ts';
import { ROWS, type Row } from './rows.ts';
import type { Operation, UserProgram, Value } from './user-program.ts';

/** From here on numbers are easier to read in hexadecimal: they are addresses. */
const ADDRESSES_FROM = 0x8000;

const signed = (plus: number): string => (plus === 0 ? '' : plus > 0 ? `+${plus}` : String(plus));

/** A value as text. */
export function formatValue(value: Value): string {
  if (typeof value === 'number') return value >= ADDRESSES_FROM ? `0x${value.toString(16)}` : String(value);
  if ('result' in value) return `r${value.result}${signed(value.plus)}`;
  if ('stack' in value) return `stack${signed(value.stack)}`;
  return `@${value.code}`;
}

/** An operation as text. */
export const formatOperation = ({ name, arguments: values }: Operation): string =>
  [name, values.map(formatValue).join(', ')].filter((part) => part !== '').join(' ');

/** A program as text, which `parseUserProgram` reads. */
export const formatUserProgram = ({ threads }: UserProgram): string =>
  threads
    .flatMap((operations, thread) => [
      `thread ${thread}`,
      ...operations.map((operation) => `  ${formatOperation(operation)}`),
    ])
    .join('\n');

/** The lines of a text, without those that are empty; a semicolon ends one, too. */
export const linesOf = (text: string): string[] =>
  text
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/**
 * Reads a program.
 * @param rows the operations that there are
 * @throws UsageError for anything that is none, in one line
 */
export function parseUserProgram(text: string, rows: ReadonlyMap<string, Row> = ROWS): UserProgram {
  const threads: Operation[][] = [];
  for (const line of linesOf(text)) {
    const [, number] = /^thread (\d+)$/.exec(line) ?? [];
    if (number === undefined) {
      const operations = threads.at(-1);
      if (operations === undefined) throw new UsageError(`user program: '${line}' comes before 'thread 0'`);
      operations.push(parseOperation(line, rows));
    } else if (Number(number) === threads.length) threads.push([]);
    else throw new UsageError(`user program: '${line}': thread ${threads.length} comes next`);
  }
  if (threads.length === 0) throw new UsageError(`user program: there is no thread; begin with 'thread 0'`);
  for (const [thread, operations] of threads.entries())
    for (const [index, operation] of operations.entries())
      for (const value of operation.arguments) checkValue(value, { thread, index, threads: threads.length });
  return { threads };
}

function parseOperation(line: string, rows: ReadonlyMap<string, Row>): Operation {
  const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  const row = rows.get(name);
  if (row === undefined)
    throw new UsageError(`user program: '${line}': ${unknown('operation', name, [...rows.keys()])}`);
  const words = rest === '' ? [] : rest.split(',').map((word) => word.trim());
  if (words.length !== row.arguments.length) {
    const wanted = row.arguments.map((argument) => argument.name).join(', ') || 'none';
    throw new UsageError(`user program: '${line}': ${words.length} words, where wanted are: ${wanted}`);
  }
  return { name, arguments: words.map(parseValue) };
}

const INTEGER = /^-?(0x[0-9a-f]{1,8}|\d{1,10})$/i;
const RESULT = /^r(\d{1,4})([+-]\d{1,10})?$/;
const STACK = /^stack([+-]\d{1,10})?$/;
const CODE = /^@(\d{1,4})$/;

/**
 * Reads a value.
 * @throws UsageError when it is none
 */
export function parseValue(text: string): Value {
  if (INTEGER.test(text)) {
    const negative = text.startsWith('-');
    const number = Number(negative ? text.slice(1) : text);
    return (negative ? -number : number) | 0;
  }
  const [, result, plus = '0'] = RESULT.exec(text) ?? [];
  if (result !== undefined) return { result: Number(result), plus: Number(plus) };
  const stack = STACK.exec(text);
  if (stack !== null) return { stack: Number(stack[1] ?? '0') };
  const [, code] = CODE.exec(text) ?? [];
  if (code !== undefined) return { code: Number(code) };
  throw new UsageError(`user program: '${text}' is no value; values are 64, 0x40, -1, r0+64, stack-64 or @1`);
}

interface Place {
  readonly thread: number;
  readonly index: number;
  readonly threads: number;
}

function checkValue(value: Value, { thread, index, threads }: Place): void {
  if (typeof value === 'number') return;
  const where = `user program: thread ${thread}, operation ${index}: ${formatValue(value)}`;
  if ('result' in value && value.result >= index) throw new UsageError(`${where} is no earlier result`);
  if ('code' in value && value.code >= threads)
    throw new UsageError(`${where}: the last thread is ${threads - 1}`);
}
