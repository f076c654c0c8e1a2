/** Reads litmus tests from files and folders, with the line and the reason of whatever is wrong. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/exit.ts';
import { ConditionError, parseCondition } from './condition.ts';
import { type LitmusTest, locationsOf, OPERATION_FORMS, type Value } from './litmus-test.ts';

const MOST_THREADS = 8;
const NAME = /^[A-Za-z_]\w*$/;

/** The tests in a file, or in the .json files of a folder. @throws UsageError naming file, line and reason */
export function readTests(path: string): LitmusTest[] {
  if (!statSync(path).isDirectory()) return [readTest(path)];
  const files = readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .toSorted();
  if (files.length === 0) throw new UsageError(`${path}: no .json file in this folder`);
  return files.map((name) => readTest(join(path, name)));
}

function readTest(path: string): LitmusTest {
  const text = readFileSync(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `${path}:${lineOfSyntaxError(text, error as Error)}: not JSON: ${(error as Error).message}`,
    );
  }
  const wrong = (reason: string, needle?: string): never => {
    throw new UsageError(`${path}:${lineOf(text, needle)}: ${reason}`);
  };
  return checkTest(value, wrong);
}

type Wrong = (reason: string, needle?: string) => never;

/** Checks that a value read from JSON is a test. */
function checkTest(value: unknown, wrong: Wrong): LitmusTest {
  if (typeof value !== 'object' || value === null)
    return wrong('a test is an object with name, threads and exists');
  const test = value as Partial<LitmusTest>;
  if (typeof test.name !== 'string') return wrong('"name" must be a text', '"name"');
  if (typeof test.exists !== 'string')
    return wrong('"exists" must be a condition such as "0:r0=0 /\\\\ x=1"', '"exists"');
  if (!Array.isArray(test.threads) || test.threads.length === 0 || test.threads.length > MOST_THREADS) {
    return wrong(`"threads" must be a list of 1 to ${MOST_THREADS} threads`, '"threads"');
  }
  for (const [name, initial] of Object.entries(test.init ?? {})) {
    if (!NAME.test(name) || !Number.isInteger(initial))
      wrong(`"init" must give whole numbers to locations, not ${name}: ${String(initial)}`, '"init"');
  }
  test.threads.forEach((thread, index) => checkThread(thread, index, wrong));
  checkCondition(test as LitmusTest, wrong);
  return test as LitmusTest;
}

function checkThread(thread: unknown, index: number, wrong: Wrong): void {
  if (!Array.isArray(thread)) wrong(`thread ${index} must be a list of operations`, '"threads"');
  for (const operation of thread as unknown[]) {
    const needle = Array.isArray(operation) ? `"${String(operation[0])}"` : '"threads"';
    const forms = Array.isArray(operation) ? OPERATION_FORMS[String(operation[0])] : undefined;
    if (forms === undefined)
      wrong(
        `thread ${index}: ${JSON.stringify(operation)} is none of ${Object.keys(OPERATION_FORMS).join(', ')}`,
        needle,
      );
    const operands = (operation as unknown[]).slice(1);
    if (operands.length !== forms?.length)
      wrong(
        `thread ${index}: ${JSON.stringify(operation)} takes ${forms?.join(', ') || 'no operand'}`,
        needle,
      );
    operands.forEach((operand, at) => {
      const sound =
        forms?.[at] === 'value' ? isValue(operand) : typeof operand === 'string' && NAME.test(operand);
      if (!sound)
        wrong(
          `thread ${index}: ${JSON.stringify(operand)} in ${JSON.stringify(operation)} is no ${forms?.[at]}`,
          needle,
        );
    });
  }
}

function isValue(value: unknown): value is Value {
  if (typeof value === 'string') return NAME.test(value);
  if (Array.isArray(value))
    return value.length === 3 && value[0] === '+' && isValue(value[1]) && isValue(value[2]);
  return Number.isInteger(value);
}

function checkCondition(test: LitmusTest, wrong: Wrong): void {
  const known = new Set(locationsOf(test));
  test.threads.forEach((operations, index) => {
    for (const [kind, register] of operations) {
      if (kind !== 'store' && kind !== 'fence') known.add(`${index}:${register as string}`);
    }
  });
  try {
    const unknown = parseCondition(test.exists).names.find((name) => !known.has(name));
    if (unknown !== undefined)
      wrong(`the condition names ${unknown}; there is ${[...known].join(', ')}`, '"exists"');
  } catch (error) {
    if (error instanceof ConditionError) wrong(error.message, '"exists"');
    throw error;
  }
}

/** The line on which a piece of text first stands, or 1. */
function lineOf(text: string, needle: string | undefined): number {
  const at = needle === undefined ? -1 : text.indexOf(needle);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

function lineOfSyntaxError(text: string, error: Error): number {
  const position = /position (\d+)/.exec(error.message)?.[1];
  return position === undefined
    ? text.split('\n').length
    : text.slice(0, Number(position)).split('\n').length;
}
