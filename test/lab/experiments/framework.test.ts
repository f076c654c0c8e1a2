import { describe, expect, test } from 'vitest';
import { between, exactly } from '../../../lab/experiments/framework/band.ts';
import { conduct } from '../../../lab/experiments/framework/conduct.ts';
import { judge } from '../../../lab/experiments/framework/judge.ts';
import { figure, pick } from '../../../lab/experiments/framework/rows.ts';
import { settingsFor } from '../../../lab/experiments/framework/settings.ts';
import { cellsOf } from '../../../lab/experiments/framework/sweep.ts';
import { NotMeasured } from '../../../lab/experiments/framework/not-measured.ts';
import { toy } from './toy.ts';

const set = (key: string, text: string) => settingsFor(toy, { set: new Map([[key, text]]) });

describe('settings', () => {
  test('a sweep is every combination of the factors that makes sense', () => {
    expect(cellsOf(toy, settingsFor(toy))).toEqual([
      { runner: 'hare', seconds: 1 },
      { runner: 'hare', seconds: 10 },
      { runner: 'tortoise', seconds: 1 },
      { runner: 'tortoise', seconds: 10 },
      { runner: 'unicorn', seconds: 10 },
    ]);
    expect(cellsOf(toy, settingsFor(toy, { quick: true }))).toEqual([{ runner: 'hare', seconds: 1 }]);
  });

  test('--set replaces the values of a factor, a parameter, or a field of the machines', () => {
    expect(set('seconds', '3,10').factors['seconds']).toEqual([3, 10]);
    expect(set('head', '7').parameters['head']).toBe(7);
    expect(set('timing.memory', '200').machine).toEqual({ 'timing.memory': '200' });
  });

  test('two numbers are those and the usual ones in between', () => {
    expect(set('seconds', '0..10').factors['seconds']).toEqual([0, 1, 10]);
    expect(set('seconds', '3,2..11,10').factors['seconds']).toEqual([3, 2, 10, 11]);
    expect(set('seconds', '4..4').factors['seconds']).toEqual([4]);
  });

  test.each([
    ['seconds', '10..1', /10 is more than 1/],
    ['seconds', '1..1000', /a whole number from 0 to 100/],
    ['seconds', '1..', /a whole number from 0 to 100/],
    ['runner', 'hare..unicorn', /unknown value/],
    ['runner', 'hair', /unknown value 'hair'; did you mean 'hare'\?/],
    ['seconds', '1,x', /a whole number from 0 to 100/],
    ['seconds', '1000', /a whole number from 0 to 100/],
    ['head', '99', /a whole number from 0 to 50/],
    ['haed', '9', /unknown key 'haed'; did you mean 'head'\?/],
    ['timing.memory', 'much', /the value is a number/],
    ['l1.line', '64', /toy chooses this itself/],
  ])('--set %s=%s is refused', (key, text, message) => {
    expect(() => set(key, text)).toThrow(message);
  });
});

describe('claims', () => {
  test('are judged from the rows alone: one holds, one fails, one cannot be measured', async () => {
    const { claims, rows } = await conduct(toy, settingsFor(toy), { jobs: 1 });
    expect(claims.map(({ id, verdict, measured }) => [id, verdict, measured])).toEqual([
      ['hare-wins', 'holds', 152.5 / 6],
      ['tortoise-wins', 'fails', 6],
      ['unicorn-wins', 'not-measured', null],
    ]);
    expect(claims[2]?.note).toBe('there is no unicorn on this build');
    expect(rows.at(-1)).toEqual({
      runner: 'unicorn',
      seconds: 10,
      metres: null,
      notMeasured: 'there is no unicorn on this build',
    });
  });

  test('fail when the rows say otherwise', async () => {
    const { rows } = await conduct(toy, settingsFor(toy), { jobs: 1 });
    const [hareWins] = toy.claims;
    const lame = rows.map((row) => (row['runner'] === 'hare' ? { ...row, metres: 1 } : row));
    expect(judge(hareWins as (typeof toy.claims)[number], lame).verdict).toBe('fails');
  });

  test('a row that is not in the sweep is not measured, and two rows for one are a mistake', () => {
    expect(() => pick([], { runner: 'hare' })).toThrow(NotMeasured);
    expect(() => figure([{ a: 1 }, { a: 2 }], 'a', {})).toThrow(RangeError);
  });

  test('bands include their ends', () => {
    expect([1, 2, 3, 4, 5].filter(between(2, 4).holds)).toEqual([2, 3, 4]);
    expect([1.99, 2, 2.01].filter(exactly(2).holds)).toEqual([2]);
  });
});

test('a fault of a measurement is no missing figure', async () => {
  const broken = {
    ...toy,
    measure: () => {
      throw new TypeError('broken');
    },
  };
  await expect(conduct(broken, settingsFor(toy), { jobs: 1 })).rejects.toThrow('broken');
});
