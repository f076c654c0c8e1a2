/** What was measured last, a row a line in a file beside the README, which is rendered from it. Seconds are not kept. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Measured } from './measure.ts';
import { renderReadme } from './readme.ts';

const MEASURED = new URL('../measured.jsonl', import.meta.url);
const README = new URL('../README.md', import.meta.url);

/** Puts new rows in the place of those of the same bugs, and renders the README anew. */
export async function keep(rows: readonly Measured[]): Promise<void> {
  const lines = (await readFile(MEASURED, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const before = lines.map((line) => JSON.parse(line) as Measured);
  const fresh = new Set(rows.map(({ bug }) => bug));
  const all = [
    ...before.filter(({ bug }) => !fresh.has(bug)),
    ...rows.map((row) => ({ ...row, seconds: 0 })),
  ];
  const sorted = all.toSorted((left, right) => (left.bug < right.bug ? -1 : left.bug > right.bug ? 1 : 0));
  await writeFile(MEASURED, sorted.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await writeFile(README, renderReadme(sorted));
}
