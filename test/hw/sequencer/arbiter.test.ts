import { describe, expect, test } from 'vitest';
import { type Code, fetchAndAdd, load, spinUntil, store, work } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { type Arbiter, RandomArbiter, ScriptedArbiter } from '../../../hw/sequencer/arbiter.ts';
import { smallWith } from '../machines.ts';

const COUNTER = 0x100;

/** Adds to a word without atomicity: load, then store. */
function* careless(): Code {
  const value = yield load(COUNTER);
  yield store(COUNTER, value + 1);
}

function run(arbiter: Arbiter): { stop: string; sum: number } {
  const machine = new Machine(smallWith('smp', 2));
  machine.start(0, careless);
  machine.start(1, careless);
  const stop = machine.runArbitrated(arbiter);
  return { stop: stop.kind, sum: machine.peek(COUNTER) };
}

describe('an arbiter', () => {
  test('that follows a script decides which interleaving is run', () => {
    expect(run(new ScriptedArbiter([0, 0, 0, 1, 1, 1]))).toEqual({ stop: 'finished', sum: 2 });
    expect(run(new ScriptedArbiter([0, 1, 0, 1, 0, 1]))).toEqual({ stop: 'finished', sum: 1 });
  });

  test('that reaches the end of its script stops the run', () => {
    expect(run(new ScriptedArbiter([0, 1])).stop).toBe('arbiter');
  });

  test('that is random finds both outcomes, and the same one for the same seed', () => {
    const sums = Array.from({ length: 20 }, (_, seed) => run(new RandomArbiter(seed)).sum);
    expect(new Set(sums)).toEqual(new Set([1, 2]));
    expect(sums).toEqual(Array.from({ length: 20 }, (_, seed) => run(new RandomArbiter(seed)).sum));
  });

  test('is never offered a hart that spins on an unchanged word, nor one that has ended', () => {
    const machine = new Machine(smallWith('smp', 2));
    machine.start(0, function* spinner() {
      yield spinUntil(COUNTER, 1);
    });
    machine.start(1, function* other() {
      for (let round = 0; round < 5; round++) yield work(10);
      yield fetchAndAdd(COUNTER, 1);
    });
    const offered: string[] = [];
    const spinnerFirst: Arbiter = {
      choose(runnable) {
        offered.push(runnable.join());
        return runnable[0];
      },
    };
    expect(machine.runArbitrated(spinnerFirst)).toEqual({ kind: 'finished' });
    expect(offered).toEqual(
      ['0,1', '1', '1', '1', '1', '1', '1', '0,1', '0,1', '1'].slice(0, offered.length),
    );
    expect(offered.slice(1, 7)).toEqual(['1', '1', '1', '1', '1', '1']);
  });

  test('ends in a deadlock when nobody can act any more', () => {
    const machine = new Machine(smallWith('smp', 2));
    machine.start(0, function* spinner() {
      yield spinUntil(COUNTER, 1);
    });
    machine.start(1, function* nothing() {
      yield work(1);
    });
    expect(machine.runArbitrated(new RandomArbiter(1))).toEqual({ kind: 'deadlock' });
  });
});
