import { expect, test } from 'vitest';
import { type Code, OP, theInstruction } from '../../../hw/isa/index.ts';
import { SYSCALLS } from '../../../kernel/abi/index.ts';
import * as fileCalls from '../../../userland/runtime/file-calls.ts';
import * as serverCalls from '../../../userland/runtime/server-calls.ts';
import * as syncCalls from '../../../userland/runtime/sync-calls.ts';
import * as systemCalls from '../../../userland/runtime/system-calls.ts';

const stubs = { ...systemCalls, ...syncCalls, ...serverCalls, ...fileCalls } as unknown as Record<
  string,
  (...words: number[]) => Code<number>
>;
/** `yield` is a word of the language. */
const stubName = (name: string): string => (name === 'yield' ? 'yieldHart' : name);

test.each(SYSCALLS)('$name has a stub that traps with its number and arguments', (row) => {
  const stub = stubs[stubName(row.name)];
  const words = row.arguments.map((_, index) => 100 + index);
  // An argument with a default does not count.
  expect(stub?.length).toBeLessThanOrEqual(words.length);
  stub?.(...words).next();
  const { op, a, b, c, d, e, f, g } = theInstruction;
  expect([op, a]).toEqual([OP.environmentCall, row.number]);
  expect([b, c, d, e, f, g]).toEqual([...words, 0, 0, 0, 0, 0, 0].slice(0, 6));
});

test('there is no stub without a system call', () => {
  expect(Object.keys(stubs).toSorted()).toEqual(SYSCALLS.map(({ name }) => stubName(name)).toSorted());
});
