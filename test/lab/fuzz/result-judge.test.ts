import { describe, expect, test } from 'vitest';
import { ERROR, type SyscallRow, SYSCALLS } from '../../../kernel/abi/index.ts';
import { ResultJudge } from '../../../lab/fuzz/result-judge.ts';

const FACTS = { harts: 4, config: { nodes: 2 } };

/** What the judge says of a call that gave a result. */
function judged(name: string, words: readonly number[], result: number, table?: readonly SyscallRow[]) {
  const judge = new ResultJudge(FACTS, table);
  const carried = { thread: 0, index: 3, operation: { name, arguments: words }, words };
  judge.begins(carried);
  judge.ends(carried, result);
  return { failure: judge.failure?.message, invariant: judge.failure?.invariant, calls: judge.calls };
}

describe('a result is accepted', () => {
  test.each(SYSCALLS.flatMap((row) => row.errors.map((error) => [row.name, error] as const)))(
    'when %s gives %s, which its row lists',
    (name, error) => {
      expect(judged(name, [1, 2, 3, 4], ERROR[error]).failure).toBeUndefined();
    },
  );

  test('when it is what the row says', () => {
    expect(judged('mmap', [0, 1, 3, 0], 0x10000).failure).toBeUndefined();
    expect(judged('consoleWrite', [0, 5000], 1024).failure).toBeUndefined();
    expect(judged('futexWake', [0, 3], 2).failure).toBeUndefined();
    expect(judged('load', [0], -5).failure).toBeUndefined();
  });
});

describe('a result is refused', () => {
  test('when the error is not one of the row', () => {
    expect(judged('mmap', [0, 1, 3, 0], ERROR.EIO)).toMatchObject({
      failure:
        'thread 0, operation 3: mmap 0, 1, 3, 0 gave EIO, which is none of its errors (EINVAL, ENOMEM, EPERM)',
      invariant: 'result.mmap',
    });
    expect(judged('clock', [], ERROR.EINVAL).failure).toContain('it has none');
    expect(judged('mmap', [0, 1, 3, 0], -4000).failure).toContain('gave -4000');
  });

  test('when the value cannot be', () => {
    const wrong: readonly (readonly [string, readonly number[], number])[] = [
      ['mmap', [0, 1, 3, 0], 0x10004],
      ['mmap', [0, 1, 3, 0], 0x7000_0000],
      ['munmap', [0, 1], 1],
      ['exit', [0], 0],
      ['futexWake', [0, 2], 3],
      ['consoleWrite', [0, 8], 7],
      ['currentHart', [], 4],
      ['currentNode', [], 2],
      ['hartCount', [], 3],
      ['spawn', [0, 0, 0], 0],
      ['threadSpawn', [0, 0, 0], 0],
    ];
    for (const [name, words, result] of wrong)
      expect(judged(name, words, result).invariant).toBe(`result.${name}`);
  });

  test('when the call does not exist, and it gives anything but ENOSYS', () => {
    expect(judged('environmentCall', [999, 0, 0, 0, 0], ERROR.ENOSYS).failure).toBeUndefined();
    expect(judged('environmentCall', [999, 0, 0, 0, 0], 0).invariant).toBe('result.unknown');
    expect(judged('environmentCall', [999, 0, 0, 0, 0], ERROR.EINVAL).invariant).toBe('result.unknown');
  });
});

test('calls are counted under their names, however they are made', () => {
  expect([...judged('environmentCall', [10, 0, 1, 3, 0], 0x10000).calls]).toEqual([['mmap', 1]]);
  expect(judged('environmentCall', [10, 0, 1, 3, 0], 0x10001).invariant).toBe('result.mmap');
});

test('a call that is added to the table is judged by its row', () => {
  const added: SyscallRow = {
    name: 'frobnicate',
    number: 77,
    arguments: [],
    gives: 'how often it has been frobnicated',
    errors: ['EBUSY'],
    summary: 'Frobnicates.',
  };
  const table = [...SYSCALLS, added];
  expect(judged('frobnicate', [], 3, table).failure).toBeUndefined();
  expect(judged('frobnicate', [], ERROR.EBUSY, table).failure).toBeUndefined();
  expect(judged('frobnicate', [], ERROR.EINVAL, table).invariant).toBe('result.frobnicate');
});
