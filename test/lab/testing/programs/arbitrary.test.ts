import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUserProgram, type UserProgram, userPrograms } from '../../../../lab/testing/programs/index.ts';
import { operationCount } from '../../../../lab/testing/programs/user-program.ts';
import { simpler } from '../../../../lab/testing/programs/simpler.ts';

/** What is left of a failing program, and how it was printed. */
function shrunk(fails: (program: UserProgram) => boolean): UserProgram {
  const { failed, counterexample } = fc.check(
    fc.property(userPrograms({ threads: 5, operations: 12 }), (program) => !fails(program)),
    { seed: 5, numRuns: 500 },
  );
  expect(failed).toBe(true);
  return (counterexample as [UserProgram])[0];
}

const calls = ({ threads }: UserProgram, name: string): number =>
  threads.flat().filter((operation) => operation.name === name).length;

describe('failing user programs shrink', () => {
  test('to the operation that fails, with plain values', () => {
    const least = shrunk((program) => calls(program, 'munmap') > 0);
    expect(formatUserProgram(least)).toBe('thread 0\n  munmap 0, 0');
  });

  test('to as many threads as it takes', () => {
    const least = shrunk(
      ({ threads }) => threads.filter((thread) => thread.some(({ name }) => name === 'kill')).length > 1,
    );
    expect(least.threads.map((thread) => thread.map(({ name }) => name))).toEqual([['kill'], ['kill']]);
  });

  test('to the least value that still fails', () => {
    const least = shrunk(({ threads }) =>
      threads.flat().some(({ name, arguments: [value] }) => name === 'sleep' && Number(value) >= 1000),
    );
    expect(operationCount(least)).toBe(1);
    // Halving ends within twice the bound.
    const [value] = least.threads[0]?.[0]?.arguments ?? [];
    expect(value).toBeGreaterThanOrEqual(1000);
    expect(value).toBeLessThan(2000);
  });

  test('and results keep their meaning when operations before them go', () => {
    const least = shrunk(({ threads }) =>
      threads.some((thread) =>
        thread.some(({ arguments: values }) =>
          values.some(
            (value) =>
              typeof value === 'object' && 'result' in value && thread[value.result]?.name === 'mmap',
          ),
        ),
      ),
    );
    expect(formatUserProgram(least)).toMatch(/^thread 0\n {2}mmap .*\n {2}\S+ (.*, )?r0(,.*)?$/);
  });
});

test('programs are printed as text when they fail', () => {
  const [program] = fc.sample(userPrograms(), { seed: 1, numRuns: 1 });
  expect(fc.stringify(program)).toContain('thread 0\n');
});

test('what is simpler than a program never goes round in a circle', () => {
  fc.assert(
    fc.property(
      userPrograms({ threads: 2, operations: 3 }),
      fc.infiniteStream(fc.nat()),
      (program, choices) => {
        let current = program;
        for (let steps = 0; ; steps++) {
          expect(steps).toBeLessThan(2000);
          const all = [...simpler(current)];
          if (all.length === 0) return;
          current = all[(choices.next().value as number) % all.length] as UserProgram;
        }
      },
    ),
    { numRuns: 20 },
  );
});
