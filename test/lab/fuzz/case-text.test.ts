import { describe, expect, test } from 'vitest';
import { formatCase, parseCase } from '../../../lab/fuzz/case-text.ts';
import { drawCase } from '../../../lab/fuzz/draw-case.ts';

describe('a case as text', () => {
  test('is read back as it was, whatever is drawn', () => {
    for (let index = 0; index < 150; index++) {
      const drawn = drawCase(3, index);
      const { program, ...surroundings } = drawn;
      const text = formatCase(drawn);
      const { program: again, ...others } = parseCase(text);
      expect(others).toEqual(surroundings);
      expect(again).toEqual(program);
      expect(formatCase(parseCase(text.replaceAll('\n', ';')))).toBe(text);
    }
  });

  test('needs no more than a program', () => {
    const { config, faults, schedule } = parseCase('thread 0; yield');
    expect({ preset: config.preset, nodes: config.nodes, faults, schedule }).toEqual({
      preset: 'cc-numa',
      nodes: 1,
      faults: [],
      schedule: { kind: 'timed' },
    });
  });

  test('may have faults and a schedule', () => {
    const text = 'on smp harts=2; faults diskError 3, delay timer 2 500; schedule random 7; thread 0; yield';
    expect(parseCase(text)).toMatchObject({
      faults: [
        { kind: 'diskError', request: 3 },
        { kind: 'delay', interrupt: 'timer', nth: 2, cycles: 500 },
      ],
      schedule: { kind: 'random', seed: 7 },
    });
    for (const wrong of ['diskError', 'badBlock x', 'delay timr 1 2', 'powerLoss 3'])
      expect(() => parseCase(`faults ${wrong}; thread 0; yield`)).toThrow(`'${wrong}' is no fault`);
  });
});

test('drawn cases are of every kind', () => {
  const cases = Array.from({ length: 200 }, (_, index) => drawCase(1, index));
  expect(new Set(cases.map(({ config }) => config.preset)).size).toBeGreaterThan(8);
  expect(cases.some(({ schedule }) => schedule.kind === 'random')).toBe(true);
  expect(cases.some(({ faults }) => faults.length > 0)).toBe(true);
  expect(cases.some(({ config }) => config.storeBuffer > 0)).toBe(true);
  expect(cases.some(({ kernelOptions }) => kernelOptions.framesPerNode !== undefined)).toBe(true);
  for (const { config } of cases)
    expect(config.nodes * config.coresPerNode * config.hartsPerCore).toBeLessThanOrEqual(8);
  expect(drawCase(1, 17)).toEqual(drawCase(1, 17));
});
