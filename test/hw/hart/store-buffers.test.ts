import { describe, expect, test } from 'vitest';
import {
  type Code,
  csrRead,
  csrWrite,
  fence,
  fetchAndAdd,
  load,
  load8,
  spinUntil,
  store,
  store8,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';

const X = 0x1000;
const Y = 0x2000;
const OUT = 0x3000;

const machineOf = (harts: number, storeBuffer: number, elideSpins = true): Machine =>
  new Machine(presetConfig('cc-numa', { harts, set: { storeBuffer, elideSpins } }));

/** Store buffering: each hart writes its flag and reads the other's, at the same time. */
function* storeBuffering(hart: number): Code {
  const [mine, other] = hart === 0 ? [X, Y] : [Y, X];
  yield load(X);
  yield load(Y);
  yield work(5000 - (yield* clock()));
  yield store(mine, 1);
  const seen = yield load(other);
  yield store(OUT + 64 * hart, seen + 1);
}

function* clock(): Code<number> {
  return yield csrRead('time');
}

function run(machine: Machine, ...programs: ((hart: number) => Code)[]): Machine {
  programs.forEach((program, hart) => machine.start(hart, program, hart));
  expect(machine.run()).toEqual({ kind: 'finished' });
  return machine;
}

describe('store buffers', () => {
  test('let both harts miss the other’s write; a machine without them does not', () => {
    const tso = run(machineOf(2, 8), storeBuffering, storeBuffering);
    expect([tso.peek(OUT), tso.peek(OUT + 64)]).toEqual([1, 1]);
    const sc = run(machineOf(2, 0), storeBuffering, storeBuffering);
    expect([sc.peek(OUT), sc.peek(OUT + 64)]).not.toEqual([1, 1]);
  });

  test('drain in the end, without any fence', () => {
    const machine = run(machineOf(1, 8), function* () {
      yield store(X, 7);
      yield store8(Y + 1, 0xab);
    });
    expect(machine.peek(X)).toBe(7);
    expect(machine.peek(Y)).toBe(0xab00);
  });

  test('forward to their own hart, whole words and bytes', () => {
    const machine = run(machineOf(1, 8), function* () {
      yield store(X, 0x11223344);
      yield store8(X + 1, 0xff);
      yield store(OUT, yield load(X));
      yield store(OUT + 4, yield load8(X + 1));
    });
    expect(machine.peek(OUT) >>> 0).toBe(0x1122ff44);
    expect(machine.peek(OUT + 4)).toBe(0xff);
  });

  test('let a hart go on under an arbiter by a drain that began in time', () => {
    const machine = machineOf(2, 1);
    machine.start(0, function* () {
      yield store(X, 1);
      yield store(Y, 2);
    });
    machine.run({ instructions: 1 });
    machine.start(1, function* () {
      yield work(100_000);
    });
    // Hart 0 finds its buffer full and waits; then hart 1 lets so much time pass that the first store drains.
    const script = [0, 1];
    const stop = machine.runArbitrated({
      choose: (runnable, step) => script[step] ?? (runnable[0] as number),
    });
    expect(stop).toEqual({ kind: 'finished' });
    expect([machine.peek(X), machine.peek(Y)]).toEqual([1, 2]);
  });

  test('make a store cheap and a fence wait', () => {
    const cost = (program: () => Code): number => {
      const machine = run(machineOf(1, 8), program);
      return machine.peek(OUT);
    };
    function* timed(withFence: boolean): Code {
      const begin = yield* clock();
      yield store(X, 1);
      if (withFence) yield fence();
      const end = yield* clock();
      yield store(OUT, end - begin);
    }
    expect(cost(() => timed(false))).toBeLessThan(10);
    expect(cost(() => timed(true))).toBeGreaterThan(100);
  });

  test('are drained by an atomic instruction before it takes effect', () => {
    const machine = run(machineOf(1, 8), function* () {
      yield store(X, 5);
      yield store(OUT, yield fetchAndAdd(X, 1));
    });
    expect(machine.peek(OUT)).toBe(5);
    expect(machine.peek(X)).toBe(6);
  });

  test('when full make the next store wait, and lose nothing', () => {
    const machine = run(machineOf(1, 2), function* () {
      for (let index = 0; index < 40; index++) yield store(X + 64 * index, index + 1);
    });
    for (let index = 0; index < 40; index++) expect(machine.peek(X + 64 * index)).toBe(index + 1);
  });

  test('keep the order of one hart’s stores for those who watch', () => {
    const machine = run(
      machineOf(2, 8),
      function* () {
        for (let index = 1; index <= 50; index++) {
          yield store(X, index);
          yield store(Y, index);
        }
      },
      function* () {
        for (let look = 0; look < 200; look++) {
          const later = yield load(Y);
          const earlier = yield load(X);
          if (earlier < later) yield store(OUT, 1);
        }
      },
    );
    expect(machine.peek(OUT)).toBe(0);
  });

  test('of a spinning hart go on draining: a handshake ends, elided or not, with the same clocks', () => {
    const clocks = [true, false].map((elide) => {
      const machine = run(
        machineOf(2, 8, elide),
        function* () {
          for (let round = 1; round <= 20; round++) {
            yield store(X, round);
            yield spinUntil(Y, round);
          }
        },
        function* () {
          for (let round = 1; round <= 20; round++) {
            yield spinUntil(X, round);
            yield store(Y, round);
          }
        },
      );
      return [machine.clock(0), machine.clock(1), machine.counters.total('spinPolls')];
    });
    expect(clocks[0]).toEqual(clocks[1]);
  });

  test('are drained when satp is written', () => {
    const machine = machineOf(1, 8);
    let waiting = -1;
    run(machine, function* () {
      yield store(X, 9);
      yield csrWrite('satp', 0);
      waiting = machine.pendingStores(0);
    });
    expect(waiting).toBe(0);
    expect(machine.peek(X)).toBe(9);
  });
});
