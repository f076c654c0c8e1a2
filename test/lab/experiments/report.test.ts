import { describe, expect, test } from 'vitest';
import { conduct } from '../../../lab/experiments/framework/conduct.ts';
import { settingsFor } from '../../../lab/experiments/framework/settings.ts';
import { toCsv } from '../../../lab/experiments/report/csv.ts';
import { drawResult } from '../../../lab/experiments/report/draw.ts';
import { drawFigure } from '../../../lab/experiments/report/svg.ts';
import { CapturedHost } from '../captured-host.ts';
import { toy } from './toy.ts';

const result = { ...(await conduct(toy, settingsFor(toy), { jobs: 1 })), hostSeconds: 0 };

test('the golden page of a terminal', () => {
  expect(drawResult(toy, result, new CapturedHost())).toMatchInlineSnapshot(`
    "toy
      How far does a runner get in so many seconds?
      nobody

    ── Metres ──────────────────────────────────────────────────────────────────────
    ┌──────────┬──────┬─────┐
    │ runner   │    1 │  10 │
    │ hare     │ 15.3 │ 153 │
    │ tortoise │  5.1 │ 6.0 │
    │ unicorn  │      │   – │
    └──────────┴──────┴─────┘

    ── Rows ────────────────────────────────────────────────────────────────────────
    ┌────────┬─────────┬────────┐
    │ runner │ seconds │ metres │
    │ hare   │       1 │   15.3 │
    │        │      10 │    153 │
    └────────┴─────────┴────────┘

    ── Not measured ────────────────────────────────────────────────────────────────
      there is no unicorn on this build (1 row)

    ── Claims ──────────────────────────────────────────────────────────────────────
    ✓ hare-wins
        The hare gets farther than the tortoise.
        holds: measured 25.42, wanted ≥ 1
        common sense
    ✗ tortoise-wins
        The tortoise gets exactly a hundred metres.
        FAILS: measured 6, wanted exactly 100; the paper: 100 [from memory,
        unverified]
        Aesop
    · unicorn-wins
        The unicorn gets anywhere.
        not measured: wanted ≥ 0
        legend
        there is no unicorn on this build
    1 holds, 1 fails, 1 not measured · 5 rows in 0.0 s
    "
  `);
});

test('a CSV file has a line per row, and quotes what needs it', () => {
  expect(toCsv(toy, result.rows).split('\r\n')).toEqual([
    'runner,seconds,metres,notMeasured',
    'hare,1,15.25,',
    'hare,10,152.5,',
    'tortoise,1,5.1,',
    'tortoise,10,6,',
    'unicorn,10,,there is no unicorn on this build',
    '',
  ]);
  expect(toCsv(toy, [{ runner: 'a "b", c', seconds: 1, metres: 2 }])).toContain('"a ""b"", c",1,2,');
});

describe('an SVG file', () => {
  test('stands alone, with a title and a line for each series that was measured', async () => {
    const svg = await drawFigure(toy.figures[0] as (typeof toy.figures)[number], result.rows);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg).toContain('<title>Metres &amp; seconds</title>');
    expect(svg).toContain('>hare</text>');
    expect(svg).not.toContain('unicorn');
    expect(svg.trimEnd()).toMatch(/<\/svg>$/);
    expect(svg.match(/<path[^>]*stroke="#(0072b2|d55e00)"/g)).toHaveLength(2);
  });

  test('is the same, to the byte, for the same rows', async () => {
    const figure = toy.figures[0] as (typeof toy.figures)[number];
    expect(await drawFigure(figure, result.rows)).toBe(await drawFigure(figure, result.rows));
  });

  test('can be drawn of nothing', async () => {
    expect(await drawFigure(toy.figures[0] as (typeof toy.figures)[number], [])).toContain('</svg>');
  });
});
