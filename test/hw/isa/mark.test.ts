/** Marks reach whoever looks on, and nothing else: the machine does not notice them. */
import { describe, expect, test } from 'vitest';
import { type Code, load, mark, MARK, markName, MARKS, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { small } from '../machines.ts';

const LOCK = 0x2000;

const program = (marks: boolean) =>
  function* run(): Code {
    if (marks) yield mark(MARK.lockWanted, LOCK);
    yield store(LOCK, 1);
    if (marks) yield mark(MARK.allocated, LOCK, 64);
    const found = yield load(LOCK);
    if (marks) yield mark(MARK.searchFrom);
    yield store(LOCK + 4, found + 1);
    if (marks) yield mark(MARK.lockReleased, LOCK);
  };

function run(marks: boolean): { machine: Machine; events: TraceEvent[] } {
  const machine = new Machine(small());
  const events: TraceEvent[] = [];
  machine.trace.attach({ instructions: true, event: (event) => void events.push(event) });
  for (let hart = 0; hart < machine.harts; hart++) machine.start(hart, program(marks));
  expect(machine.run()).toEqual({ kind: 'finished' });
  return { machine, events };
}

describe('marks', () => {
  test('are seen, in their place, with their operands', () => {
    const seen = run(true).events.filter((event) => event.kind === 'mark' && event.hart === 0);
    expect(seen).toMatchObject([
      { mark: MARK.lockWanted, a: LOCK, b: 0, user: false },
      { mark: MARK.allocated, a: LOCK, b: 64 },
      { mark: MARK.searchFrom, a: 0, b: 0 },
      { mark: MARK.lockReleased, a: LOCK, b: 0 },
    ]);
  });

  test('change neither times, nor counts, nor what follows', () => {
    const [without, marked] = [run(false), run(true)];
    expect(marked.events.filter(({ kind }) => kind !== 'mark')).toEqual(without.events);
    expect([...marked.machine.counters.values]).toEqual([...without.machine.counters.values]);
    expect([...marked.machine.state.clock]).toEqual([...without.machine.state.clock]);
  });

  test('are no steps of an arbiter', () => {
    const steps = [false, true].map((marks) => {
      const machine = new Machine(small());
      machine.start(0, program(marks));
      let count = 0;
      machine.runArbitrated({ choose: ([first]) => (count++, first) });
      return count;
    });
    expect(steps[1]).toBe(steps[0]);
  });

  test('have names', () => {
    for (const { name } of MARKS) expect(markName(MARK[name])).toBe(name);
    expect(markName(99)).toBe('mark 99');
  });
});
