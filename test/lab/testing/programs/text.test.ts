import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatUserProgram,
  parseUserProgram,
  type UserProgram,
  userPrograms,
} from '../../../../lab/testing/programs/index.ts';

describe('a user program as text', () => {
  test('has a line for each operation', () => {
    const program: UserProgram = {
      threads: [
        [
          { name: 'mmap', arguments: [0, 16_384, 3, 0] },
          { name: 'store', arguments: [{ result: 0, plus: 4096 }, -7] },
          { name: 'threadSpawn', arguments: [{ code: 1 }, 0x10000, -1] },
        ],
        [
          { name: 'load', arguments: [{ stack: -64 }] },
          { name: 'yield', arguments: [] },
        ],
      ],
    };
    const text = [
      'thread 0',
      '  mmap 0, 16384, 3, 0',
      '  store r0+4096, -7',
      '  threadSpawn @1, 0x10000, -1',
      'thread 1',
      '  load stack-64',
      '  yield',
    ].join('\n');
    expect(formatUserProgram(program)).toBe(text);
    expect(parseUserProgram(text)).toEqual(program);
    expect(parseUserProgram(text.replaceAll('\n', ';'))).toEqual(program);
    expect(JSON.parse(JSON.stringify(program))).toEqual(program);
  });

  test('is read back as it was, whatever is drawn', () => {
    fc.assert(
      fc.property(userPrograms(), (program) => {
        const { threads } = parseUserProgram(formatUserProgram(program));
        expect(threads).toEqual(program.threads);
      }),
    );
  });

  test('is refused in one line where it is none', () => {
    const refusal = (text: string): string => {
      try {
        parseUserProgram(text);
        return 'accepted';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect([
      refusal(''),
      refusal('mmap 0, 4096, 3, 0'),
      refusal('thread 1'),
      refusal('thread 0; mmpa 0'),
      refusal('thread 0; munmap 0'),
      refusal('thread 0; load xyz'),
      refusal('thread 0; load r0'),
      refusal('thread 0; threadSpawn @1, 0, 0'),
    ]).toEqual([
      "user program: there is no thread; begin with 'thread 0'",
      "user program: 'mmap 0, 4096, 3, 0' comes before 'thread 0'",
      "user program: 'thread 1': thread 0 comes next",
      "user program: 'mmpa 0': unknown operation 'mmpa'; did you mean 'mmap'?",
      "user program: 'munmap 0': 1 words, where wanted are: address, length",
      "user program: 'xyz' is no value; values are 64, 0x40, -1, r0+64, stack-64 or @1",
      'user program: thread 0, operation 0: r0 is no earlier result',
      'user program: thread 0, operation 0: @1: the last thread is 0',
    ]);
  });
});
