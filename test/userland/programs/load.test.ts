/** `load`: its threads do jobs in every form, keep what they wrote, and say if they do not. */
import { describe, expect, test } from 'vitest';
import { MARK } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { bootKernel, inspectProcesses, physicalAddress } from '../../../kernel/index.ts';
import { parameterWordsOf } from '../../../lab/settings/parameters.ts';
import { draw, SPREAD } from '../../../userland/runtime/distribution.ts';
import load from '../../../userland/programs/load.ts';
import { runUnderKernel } from '../kernel-run.ts';

const SHORT = { warm: 5000, cycles: 25_000, service: 500, think: 1000, footprint: 1024 };
const GOOD = [
  expect.stringMatching(/^check jobs: ok \d+ jobs of \d+ threads$/),
  'check memory: ok 0 threads found it otherwise than written',
];

const TRIALS = [
  { preset: 'smp', harts: 1 },
  { preset: 'cc-numa', harts: 2 },
] as const;

describe.each(TRIALS)('load on $preset with $harts harts', (trial) => {
  test.each([
    ['closed', {}],
    ['open', { form: 1 }],
    ['without thinking', { think: 0 }],
    ['mixed', { hungry: 50, io: 50, frugal: 64, spread: SPREAD.uniform, place: 1, passes: 2 }],
  ])('%s', (_, words) => {
    expect(runUnderKernel(load, trial, { ...SHORT, ...words })).toEqual({
      stop: { kind: 'halted', status: 0 },
      lines: GOOD,
    });
  });
});

/** Runs it, calling `see` on each mark. */
function run(see: (event: TraceEvent & { kind: 'mark' }, machine: Machine) => void) {
  const machine = new Machine(presetConfig('smp', { harts: 2 }));
  machine.trace.attach({ event: (event) => void (event.kind === 'mark' && see(event, machine)) });
  bootKernel(machine, { entry: load.entry, parameters: parameterWordsOf(load, { ...SHORT, threads: 2 }) });
  const stop = machine.run({ instructions: 5_000_000 });
  return { stop, text: machine.console.text() };
}

test('memory that changes behind a thread’s back is noticed', () => {
  let harmed = false;
  const { stop, text } = run((event, machine) => {
    if (event.mark !== MARK.periodEnded || harmed) return;
    const [{ process } = { process: 0 }] = inspectProcesses(machine);
    // The highest region that a thread has mapped lies after stacks and records: the last words that are not 0.
    for (let page = 0x10000; page < 0x80000 && !harmed; page += 4096) {
      const frame = physicalAddress(machine, process, page);
      const word = frame === undefined ? 0 : machine.peek(frame);
      // A footprint begins with a small count in each of its 16 lines, and nothing beside them.
      if (frame === undefined || word < 1 || word > 999 || machine.peek(frame + 4) !== 0) continue;
      if (machine.peek(frame + 1024) !== 0) continue;
      machine.poke(frame, word + 1);
      harmed = true;
    }
  });
  expect(harmed).toBe(true);
  expect(stop).toEqual({ kind: 'halted', status: 1 });
  expect(text).toContain('check memory: FAILED 1 threads found it otherwise than written');
});

test('each job is there before it is begun, begun before it ends, and the period lies in between', () => {
  const jobs: number[] = [];
  const marks: number[] = [];
  run(({ mark, a }) => {
    if (mark === MARK.jobReady) jobs.push(a);
    marks.push(mark);
  });
  expect(jobs.length).toBeGreaterThan(10);
  const count = (wanted: number): number => marks.filter((mark) => mark === wanted).length;
  expect([count(MARK.jobBegun), count(MARK.jobEnded)]).toEqual([jobs.length, jobs.length]);
  expect([count(MARK.periodBegun), count(MARK.periodEnded)]).toEqual([1, 1]);
  expect(marks.indexOf(MARK.periodBegun)).toBeLessThan(marks.indexOf(MARK.periodEnded));
});

describe('drawn times', () => {
  const sample = (spread: number): number[] => {
    const times: number[] = [];
    for (let state = 7; times.length < 4000; ) {
      const { cycles, state: next } = draw(state, 1000, spread);
      times.push(cycles);
      state = next;
    }
    return times;
  };
  const mean = (times: readonly number[]): number =>
    times.reduce((sum, time) => sum + time, 0) / times.length;

  test.each(Object.entries(SPREAD))('%s have their mean', (_, spread) => {
    expect(Math.abs(mean(sample(spread)) / 1000 - 1)).toBeLessThan(0.05);
  });

  test('spread as they should', () => {
    const deviation = (spread: number): number =>
      Math.sqrt(mean(sample(spread).map((time) => (time - 1000) ** 2))) / 1000;
    expect(deviation(SPREAD.constant)).toBe(0);
    expect(deviation(SPREAD.uniform)).toBeCloseTo(1 / Math.sqrt(3), 1);
    expect(deviation(SPREAD.exponential)).toBeCloseTo(1, 1);
  });
});
