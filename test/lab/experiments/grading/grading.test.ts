import { expect, test } from 'vitest';
import { conduct } from '../../../../lab/experiments/framework/conduct.ts';
import { settingsFor } from '../../../../lab/experiments/framework/settings.ts';
import {
  level,
  NOTES_TABLE,
  RESPECTS,
  rmwLevel,
  spaceLevel,
} from '../../../../lab/experiments/grading/grades.ts';
import { besideTheNotes, COLUMNS } from '../../../../lab/experiments/grading/beside.ts';
import { grading } from '../../../../lab/experiments/grading/grading.ts';

test('a figure up to twice the least is low, up to four times medium, and more is high', () => {
  expect([10, 20, 21, 40, 41].map((value) => level(value, 10))).toEqual([
    'low',
    'low',
    'medium',
    'medium',
    'high',
  ]);
});

test('what the notes say with a number is compared with that number', () => {
  expect(rmwLevel(1, '1', 1)).toBe('1');
  expect(rmwLevel(1.1, '1', 1)).toBe('low');
  expect(rmwLevel(1.9, '1 (max 2)', 1)).toBe('1 (max 2)');
  expect(rmwLevel(2.1, '1 (max 2)', 1)).toBe('medium');
  expect(rmwLevel(9, 'high', 1)).toBe('high');
});

test('space is graded by how it grows', () => {
  expect([spaceLevel(false, 0), spaceLevel(false, 8), spaceLevel(true, 4)]).toEqual([
    'low',
    'medium',
    'high',
  ]);
});

test('every cell of the table is judged, and qualities come out as the notes have them', async () => {
  const { claims } = await conduct(grading, settingsFor(grading, { quick: true }), { jobs: 1 });
  const cells = Object.keys(NOTES_TABLE).length * RESPECTS.length;
  expect(claims.filter(({ id }) => id.includes('/'))).toHaveLength(cells);
  const qualities = claims.filter(({ id }) => /\/(fair|spin|space|signals-one)$/.test(id));
  expect(qualities.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});

test('the table beside the notes marks what the claims find', async () => {
  const { claims, rows } = await conduct(grading, settingsFor(grading, { quick: true }), { jobs: 1 });
  const machines = 1;
  const lines = besideTheNotes(rows);
  for (const [place, lock] of Object.keys(NOTES_TABLE).entries()) {
    const [said, ...measured] = lines.slice(place * (1 + machines), (place + 1) * (1 + machines));
    expect(said?.['lock']).toBe(lock);
    for (const [index, respect] of RESPECTS.entries()) {
      const marked = measured.filter((line) => String(line[COLUMNS[index] as string]).endsWith('✗'));
      const claim = claims.find(({ id }) => id === `${lock}/${respect.replace(' ', '-')}`);
      expect([lock, respect, marked.length]).toEqual([lock, respect, claim?.measured]);
    }
  }
});
