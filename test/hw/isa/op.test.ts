/** The instruction table: every row is described, and executed here at least once with the result that it says. */
import { describe, expect, test } from 'vitest';
import { OP, OPS, opName } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { small } from '../machines.ts';
import { record } from '../record.ts';
import { BEFORE, SAMPLES, WORD } from './samples.ts';

describe('the instruction table', () => {
  test.each(OPS)('$name: $summary', ({ name }) => {
    const [program, expected] = SAMPLES[name];
    const messages = name === 'send' || name === 'receive';
    const machine = new Machine(messages ? presetConfig('cluster', { harts: 2 }) : small());
    const { instructions } = record(machine);
    machine.poke(WORD, BEFORE);
    let result: number | undefined;
    machine.start(0, function* run() {
      result = yield* program();
    });
    const stop = machine.run();
    if (name === 'panic') {
      expect(stop).toEqual({ kind: 'panic', hart: 0, code: 4, context: 1 });
    } else {
      expect(stop).toEqual({ kind: 'finished' });
      expect(result).toBe(expected);
    }
    // Calls and marks are carried out by the context while it fetches: they are no instructions of their own.
    if (name !== 'call' && name !== 'mark') expect(instructions.map(({ op }) => opName(op))).toContain(name);
  });

  test('numbers its rows in order, and describes each', () => {
    for (const [index, { name, summary }] of OPS.entries()) {
      expect(OP[name]).toBe(index);
      expect(summary).toMatch(/^[A-Z].*\.$/);
      expect(opName(index)).toBe(name);
    }
    expect(opName(OPS.length)).toBe(`op ${OPS.length}`);
  });

  test('has no name twice', () => {
    expect(new Set(OPS.map(({ name }) => name)).size).toBe(OPS.length);
  });
});
