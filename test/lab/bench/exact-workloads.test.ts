/** The two workloads that other simulators are compared by must be what they are defined to be. */
import { expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { Machine } from '../../../hw/machine.ts';
import { EXACT_WORKLOADS, mixAddress, mixWrites, xorshift32 } from '../../../lab/bench/exact-workloads.ts';
import { record } from '../../hw/record.ts';

const LOAD_OR_STORE = 2;

/** Runs a workload with access k by the hart that `hartOf` names, and nothing else deciding. */
function inOrder(id: 'mix' | 'lock', harts: number, accesses: number, hartOf: (k: number) => number) {
  const l1 = { size: 32 * 1024, ways: 8, line: 64 };
  const machine = new Machine(presetConfig('cc-numa', { harts, set: { l1 } }));
  const recording = record(machine);
  const program = EXACT_WORKLOADS.find((workload) => workload.id === id)?.procedure(harts, accesses);
  for (let hart = 0; hart < harts; hart++) if (program) machine.start(hart, program, hart);
  machine.runArbitrated({ choose: (_, step) => (step < accesses ? hartOf(step) : undefined) });
  return { machine, instructions: recording.instructions };
}

test('the generator is xorshift32 (13, 17, 5) from 1', () => {
  expect([...xorshift32(4)].map((x) => x >>> 0)).toEqual([270_369, 67_634_689, 2_647_435_461, 307_599_695]);
});

test('mix makes access k by hart k mod N, as its number says', () => {
  const { instructions } = inOrder('mix', 4, 400, (k) => k % 4);
  const numbers = xorshift32(400);
  expect(instructions.map(({ hart, a }) => [hart, a])).toEqual(
    Array.from(numbers, (x, k) => [k % 4, mixAddress(k % 4, x)]),
  );
  expect(new Set(instructions.map(({ op }) => op)).size).toBe(LOAD_OR_STORE);
  const writes = [...numbers].filter(mixWrites).length;
  expect(writes / numbers.length).toBeCloseTo(77 / 256, 1);
});

test('lock makes five accesses a turn on two lines, and in order four of five miss', () => {
  const { machine, instructions } = inOrder('lock', 4, 400, (k) => Math.floor(k / 5) % 4);
  const lines = instructions.slice(0, 5).map(({ a }) => a >>> 6);
  expect(lines).toEqual([lines[0], lines[0], lines[2], lines[2], lines[0]]);
  expect(new Set(instructions.map(({ a }) => a >>> 6)).size).toBe(2);
  const missed = machine.counters.total('l1Misses') + machine.counters.total('upgrades');
  // The first turn finds nobody else, and needs no upgrades.
  expect(missed).toBe((400 / 5) * 4 - 2);
  expect(machine.peek((instructions[2]?.a ?? 0) as number)).toBe(80);
});
