import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_IN_PLACE, packPlace, placeName } from '../../../hw/isa/place-name.ts';

const name = fc
  .stringMatching(/^[a-z0-9._-]+$/, { maxLength: MOST_IN_PLACE })
  .filter((text) => text.length <= MOST_IN_PLACE);

describe('the name of a place', () => {
  test('is what its two words are', () => {
    fc.assert(
      fc.property(name, (text) => {
        const words = packPlace(text);
        for (const word of words) expect(word).toBe(word | 0);
        expect(placeName(...words)).toBe(text);
      }),
    );
  });

  test('is another one for other words', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(packPlace(one).join(' ') === packPlace(other).join(' ')).toBe(one === other);
      }),
    );
  });

  test.each(['', 'thirteen-long', 'Capital', 'white space', 'ü'])("'%s' is refused", (text) => {
    expect(() => packPlace(text)).toThrow(RangeError);
  });

  test('that is none is a number', () => {
    expect(placeName(7, 0)).toBe('7');
    expect(placeName(7, -1)).toBe('7');
    expect(placeName(0, 0)).toBe('0');
  });
});
