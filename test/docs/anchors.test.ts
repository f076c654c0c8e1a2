import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { anchorsIn, problemsOf, referencesIn } from '../../lab/docs/anchors.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string | undefined => {
  const absolute = path.join(ROOT, file);
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined;
};

const pages = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file)),
];

test.each(pages)('every anchor that %s speaks of stands in the code exactly once', (page) => {
  expect(problemsOf(referencesIn(page, read(page) ?? ''), read)).toEqual([]);
});

test('the book speaks of the code', () => {
  const book = pages.filter((page) => page.startsWith(path.join('docs', 'book')));
  expect(book.length).toBeGreaterThan(0);
  for (const page of book) expect(referencesIn(page, read(page) ?? '').length).toBeGreaterThan(5);
});

describe('the check itself', () => {
  const source =
    'const a = 1;\n  // DOC: once\nf();\n// DOC: twice\n// DOC: twice\n// About DOC: not-an-anchor\n';
  const planted = (text: string): string[] =>
    problemsOf(referencesIn('page.md', text), (file) => (file === 'a.ts' ? source : undefined));

  test('finds anchors that stand on a line of their own', () => {
    expect(anchorsIn(source)).toEqual(['once', 'twice', 'twice']);
  });

  test('accepts a reference to one anchor', () => {
    expect(planted('See [[a.ts#once]].')).toEqual([]);
  });

  test.each([
    ['a dead anchor', 'See [[a.ts#never]].', 'page.md:1: no anchor never in a.ts'],
    ['a doubled anchor', 'x\nSee [[a.ts#twice]].', 'page.md:2: 2 anchors twice in a.ts'],
    ['a missing file', 'See [[b.ts#once]].', 'page.md:1: no file b.ts'],
    ['a second reference on a line', '[[a.ts#once]] and [[a.ts#gone]]', 'page.md:1: no anchor gone in a.ts'],
  ])('refuses %s', (_what, text, problem) => {
    expect(planted(text)).toEqual([problem]);
  });
});
