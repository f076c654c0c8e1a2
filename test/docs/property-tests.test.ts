/** The code that the chapter *Property tests* shows is in the examples that are run. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const BOOK = new URL('../../docs/book/', import.meta.url);
const chapter = readFileSync(new URL('03-property-tests.md', BOOK), 'utf8');
const folder = new URL('03-property-tests/', BOOK);
const examples = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
const blocks = [...chapter.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);

test('the chapter shows code', () => {
  expect(blocks.length).toBe(3);
});

test.each(blocks)('what is shown stands in an example: %s', (code) => {
  const parts = code.split('\n\n').map((part) => part.trim());
  for (const part of parts) expect(examples.some((example) => example.includes(part))).toBe(true);
});

test('each example is short enough to be copied', () => {
  for (const example of examples) expect(example.split('\n').length).toBeLessThan(60);
});
