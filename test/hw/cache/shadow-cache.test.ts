/** The book of lines and the fully associative cache, against a Map and a plain list. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineBook } from '../../../hw/cache/line-book.ts';
import { LineLedger } from '../../../hw/cache/line-ledger.ts';
import { ShadowCache } from '../../../hw/cache/shadow-cache.ts';
import { effort } from '../effort.ts';

test('a book numbers lines in the order in which they come, however many', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(200), fc.integer({ min: 0, max: 2 ** 27 })), { maxLength: 600, size: 'max' }),
      (lines) => {
        const book = new LineBook();
        const numbers = new Map<number, number>();
        for (const line of lines) {
          expect(book.find(line)).toBe(numbers.get(line) ?? 0);
          if (!numbers.has(line)) numbers.set(line, numbers.size + 1);
          expect(book.enter(line)).toBe(numbers.get(line));
        }
        expect(book.count).toBe(numbers.size);
        for (const [line, number] of numbers) expect(book.find(line)).toBe(number);
      },
    ),
    effort(40),
  );
});

test('a fully associative cache keeps what was used last', () => {
  const action = fc.record({
    line: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 300 })),
    drops: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(action, { maxLength: 300, size: 'max' }),
      (capacity, actions) => {
        const shadow = new ShadowCache(capacity);
        const list: number[] = [];
        for (const { line, drops } of actions) {
          const at = list.indexOf(line);
          if (at >= 0) list.splice(at, 1);
          if (drops && line % 3 === 0) {
            shadow.drop(line);
            continue;
          }
          expect(shadow.use(line)).toBe(at >= 0);
          list.unshift(line);
          list.length = Math.min(list.length, capacity);
        }
      },
    ),
    effort(80),
  );
});

test('a ledger gives the lines that were missed on most, of equals the lower first', () => {
  const ledger = new LineLedger(1 << 20, 6);
  for (const [line, misses] of [
    [7, 3],
    [200, 9],
    [5, 3],
    [64, 1],
  ] as const) {
    for (let miss = 0; miss < misses; miss++) ledger.miss(line, miss % 2);
  }
  ledger.invalidation(200);
  expect(ledger.hottest(3)).toEqual([
    { line: 200, misses: 9, byKind: [5, 4, 0, 0, 0], invalidations: 1 },
    { line: 5, misses: 3, byKind: [2, 1, 0, 0, 0], invalidations: 0 },
    { line: 7, misses: 3, byKind: [2, 1, 0, 0, 0], invalidations: 0 },
  ]);
  expect(ledger.miss(5, 0, -1)).toBe(2);
  expect(ledger.hottest(9)).toHaveLength(4);
});
