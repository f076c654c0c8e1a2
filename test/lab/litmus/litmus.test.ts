import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LITMUS_TESTS } from '../../../lab/litmus/catalogue.ts';
import { parseCondition } from '../../../lab/litmus/condition.ts';
import { readTests } from '../../../lab/litmus/read-test.ts';
import { MODELS, runLitmus } from '../../../lab/litmus/run-litmus.ts';

describe('the shipped litmus tests', () => {
  for (const litmus of LITMUS_TESTS) {
    for (const model of MODELS) {
      test(`${litmus.name} is ${litmus.expected[model]} under ${model}`, () => {
        expect(runLitmus(litmus, model).verdict).toBe(litmus.expected[model]);
      });
    }
  }

  test('sc allows nothing that tso does not', () => {
    for (const litmus of LITMUS_TESTS) {
      const tso = runLitmus(litmus, 'tso').states.map((state) => JSON.stringify(state));
      for (const state of runLitmus(litmus, 'sc').states) expect(tso).toContain(JSON.stringify(state));
    }
  });

  test('IRIW has every outcome but the forbidden one', () => {
    const iriw = LITMUS_TESTS.find(({ name }) => name === 'IRIW');
    if (iriw === undefined) throw new Error('IRIW is not shipped');
    expect(runLitmus(iriw, 'sc').states).toHaveLength(15);
  });
});

describe('a condition', () => {
  const holds = (text: string, state: Record<string, number>): boolean => parseCondition(text).holds(state);

  test('binds and tighter than or', () => {
    expect(holds('x=1 \\/ x=2 /\\ y=1', { x: 1, y: 0 })).toBe(true);
    expect(holds('(x=1 \\/ x=2) /\\ y=1', { x: 1, y: 0 })).toBe(false);
  });

  test('takes not, registers, negative numbers and true', () => {
    expect(holds('~ 0:r1=-1 /\\ true', { '0:r1': 0 })).toBe(true);
  });

  test.each(['x=', 'x 1', '(x=1', 'x=1 y=2', '', 'x=1 /\\', '&'])('that reads "%s" is refused', (text) => {
    expect(() => parseCondition(text)).toThrow(/condition/);
  });
});

describe('a litmus file', () => {
  const file = (text: string): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'eddy-litmus-')), 'test.json');
    writeFileSync(path, text);
    return path;
  };
  const sound = { name: 'MP', threads: [[['store', 'x', 1]], [['load', 'r0', 'x']]], exists: '1:r0=1' };

  test('is read and run', () => {
    const [litmus] = readTests(file(JSON.stringify(sound)));
    expect(litmus && runLitmus(litmus, 'sc').verdict).toBe('allowed');
  });

  test.each([
    ['{\n"name": "x",\n', /:3: not JSON/],
    [JSON.stringify({ ...sound, threads: [] }), /"threads" must be a list of 1 to 8/],
    [
      JSON.stringify({ ...sound, threads: [[['lod', 'r0', 'x']]] }, null, 1),
      /:\d+: thread 0: .*is none of load/,
    ],
    [JSON.stringify({ ...sound, threads: [[['load', 'x']]] }), /takes register, location/],
    [JSON.stringify({ ...sound, threads: [[['store', 'x', 1.5]]] }), /1.5 in .* is no value/],
    [JSON.stringify({ ...sound, exists: '1:r9=0' }), /names 1:r9; there is x, 1:r0/],
    [JSON.stringify({ ...sound, exists: '1:r0' }), /"=" expected/],
    ['[]', /"name" must be a text/],
  ])('that is wrong is refused with line and reason: %#', (text, reason) => {
    expect(() => readTests(file(text))).toThrow(reason);
  });
});
