import { describe, expect, test } from 'vitest';
import type { Code } from '../../../hw/isa/index.ts';
import { hex, printf, report, type Output } from '../../../userland/index.ts';

/** What a procedure prints, when printing takes no instruction. */
function printed(run: (output: Output) => Code<unknown>): string {
  const texts: string[] = [];
  const output: Output = {
    // oxlint-disable-next-line require-yield
    *print(text) {
      texts.push(text);
    },
  };
  run(output).next();
  return texts.join('');
}

describe('printf', () => {
  test('writes words as its conversions say', () => {
    expect(printed((output) => printf(output, '%d %u %x %c %% %d\n', -1, -1, -1, 65, 7))).toBe(
      '-1 4294967295 ffffffff A % 7\n',
    );
  });

  test.each([
    ['a conversion that does not exist', 'a %q', [1], /no conversion %q/],
    ['a % at the end', '100 %', [], /no conversion %/],
    ['too few words', '%d %d', [1], /more conversions than words/],
    ['too many words', '%d', [1, 2], /more words than conversions/],
  ])('refuses %s', (_what, format, words, message) => {
    expect(() => printed((output) => printf(output, format, ...words))).toThrow(message);
  });
});

test('report prints a line for the lab', () => {
  expect(printed((output) => report(output, 'sum', true, '64 of 64'))).toBe('check sum: ok 64 of 64\n');
  expect(printed((output) => report(output, 'sum', false))).toBe('check sum: FAILED\n');
});

test('hex writes eight digits', () => {
  expect(hex(-1)).toBe('0xffffffff');
  expect(hex(0x1000)).toBe('0x00001000');
});
