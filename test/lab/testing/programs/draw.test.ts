import { describe, expect, test } from 'vitest';
import type { SyscallRow } from '../../../../kernel/abi/index.ts';
import { SYSCALLS } from '../../../../kernel/abi/index.ts';
import { ARGUMENT_KINDS } from '../../../../lab/testing/programs/argument-kinds.ts';
import { seededDice } from '../../../../lab/testing/programs/dice.ts';
import { ProgramDrawer, type Sizes } from '../../../../lab/testing/programs/draw.ts';
import { INSTRUCTIONS } from '../../../../lab/testing/programs/instructions.ts';
import { ROWS } from '../../../../lab/testing/programs/rows.ts';
import type { UserProgram } from '../../../../lab/testing/programs/user-program.ts';

const drawn = (count: number, sizes: Sizes = {}): UserProgram[] => {
  const drawer = new ProgramDrawer(sizes);
  return Array.from({ length: count }, (_, seed) => drawer.draw(seededDice(seed)));
};

const operations = (programs: readonly UserProgram[]) =>
  programs.flatMap(({ threads }) => threads.flatMap((thread) => [...thread]));

describe('drawn programs', () => {
  test('have every system call and every instruction', () => {
    const names = new Set(operations(drawn(400)).map(({ name }) => name));
    expect([...names].toSorted()).toEqual([...SYSCALLS, ...INSTRUCTIONS].map(({ name }) => name).toSorted());
    expect(ROWS.size).toBe(SYSCALLS.length + INSTRUCTIONS.length);
  });

  test('have a system call that is added to the table, with arguments of its kinds', () => {
    const added: SyscallRow = {
      name: 'frobnicate',
      number: 77,
      arguments: [
        { name: 'where', kind: 'address' },
        { name: 'how', kind: 'flags' },
      ],
      gives: 'the address',
      errors: ['EINVAL'],
      summary: 'Frobnicates.',
    };
    const programs = drawn(200, { calls: [...SYSCALLS, added] });
    const calls = operations(programs).filter(({ name }) => name === 'frobnicate');
    expect(calls.length).toBeGreaterThan(20);
    expect(calls.every((call) => call.arguments.length === 2)).toBe(true);
    // What it gives is an address for others, as what mmap gives.
    const used = programs.some(({ threads }) =>
      threads.some((thread) =>
        thread.some((operation) =>
          operation.arguments.some(
            (value) =>
              typeof value === 'object' && 'result' in value && thread[value.result]?.name === 'frobnicate',
          ),
        ),
      ),
    );
    expect(used).toBe(true);
  });

  test('have values that make sense, values at limits, and garbage', () => {
    const lengths = operations(drawn(1000))
      .filter(({ name }) => name === 'munmap')
      .map((operation) => operation.arguments[1]);
    const known = new Set<unknown>(ARGUMENT_KINDS.length.boundary);
    const whole = lengths.filter((length) => typeof length === 'number' && length > 0 && length % 4096 === 0);
    const edges = lengths.filter((length) => known.has(length));
    const garbage = lengths.filter((length) => typeof length === 'number' && Math.abs(length) > 0x7000_0000);
    for (const kind of [whole, edges, garbage]) expect(kind.length).toBeGreaterThan(lengths.length / 50);
  });

  test('spawn only threads that come later, so that they end', () => {
    for (const { threads } of drawn(300)) {
      for (const [thread, list] of threads.entries()) {
        for (const { arguments: values } of list) {
          for (const value of values)
            if (typeof value === 'object' && 'code' in value) expect(value.code).toBeGreaterThan(thread);
        }
      }
    }
  });

  test('are the same from the same seed, and within the sizes asked for', () => {
    const sizes = { threads: 2, operations: 3 };
    expect(drawn(50, sizes)).toEqual(drawn(50, sizes));
    for (const { threads } of drawn(200, sizes)) {
      expect(threads.length).toBeLessThanOrEqual(2);
      // Two more that begin it, and one that ends it.
      for (const thread of threads) expect(thread.length).toBeLessThanOrEqual(3 + 3);
    }
  });
});
