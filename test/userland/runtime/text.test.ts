import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeWords, splitText } from '../../../userland/runtime/text.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

test('text is cut between characters, into pieces that fit', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.integer({ min: 4, max: 20 }),
      (text, limit) => {
        const pieces = [...splitText(text, limit)];
        expect(pieces.every((piece) => piece.length > 0 && piece.length <= limit)).toBe(true);
        expect(pieces.map((piece) => decoder.decode(piece)).join('')).toBe(text);
      },
    ),
  );
});

test('words hold the bytes in the order of memory', () => {
  expect([...encodeWords(Uint8Array.of(1, 2, 3, 4, 0xff))]).toEqual([0x04030201, 0xff]);
});
