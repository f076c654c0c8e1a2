import { describe, expect, test } from 'vitest';
import {
  addressOf,
  call,
  type Code,
  createContext,
  csrRead,
  csrWrite,
  freeContext,
  OP,
  pause,
  SSTATUS,
  supervisorReturn,
  switchContext,
  work,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { noteTraps, type SeenTrap } from '../bare.ts';
import { small, smallWith } from '../machines.ts';

const WORD = 0x1000;

function* nothing(): Code {
  yield pause();
}

describe('contexts', () => {
  /** Runs supervisor code, every trap of which is noted and completed with −1. */
  function supervisor(program: (machine: Machine) => Code, config = small()) {
    const machine = new Machine(config);
    const seen: SeenTrap[] = [];
    machine.start(0, function* run() {
      yield* noteTraps(machine, seen);
      yield* program(machine);
    });
    return { stop: machine.run(), seen, machine };
  }

  test('are given their two words', () => {
    const words: number[] = [];
    supervisor(function* () {
      const self = yield csrRead('scurrent');
      function* other(a: number, b: number): Code {
        words.push(a, b);
        yield switchContext(self);
      }
      yield switchContext(yield createContext(yield addressOf(other as never), 11, -12));
    });
    expect(words).toEqual([11, -12]);
  });

  test('are switched between at any depth of calls, and go on where they were', () => {
    const order: string[] = [];
    function* deep(name: string, to: () => number, depth: number): Code {
      if (depth > 0) return yield* call(deep(name, to, depth - 1));
      for (let round = 0; round < 3; round++) {
        order.push(`${name}${round}`);
        yield switchContext(to());
      }
    }
    const { stop } = supervisor(function* () {
      const self = yield csrRead('scurrent');
      let other = 0;
      function* second(): Code {
        yield* call(deep('b', () => self, 5));
      }
      other = yield createContext(yield addressOf(second));
      yield* call(deep('a', () => other, 3));
    });
    expect(stop).toEqual({ kind: 'finished' });
    expect(order).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
  });

  test('are numbered from the lowest that is free', () => {
    const ids: number[] = [];
    supervisor(function* () {
      const entry = yield addressOf(nothing);
      for (let count = 0; count < 3; count++) ids.push(yield createContext(entry));
      yield freeContext(ids[1] as number);
      yield freeContext(ids[0] as number);
      for (let count = 0; count < 3; count++) ids.push(yield createContext(entry));
    });
    expect(ids).toEqual([2, 3, 4, 2, 3, 5]);
  });

  test('of addresses that are no code are not made', () => {
    const ids: number[] = [];
    const { seen } = supervisor(function* () {
      const entry = yield addressOf(nothing);
      for (const bad of [0, 1, -1, entry + 1, entry + 16_000, WORD]) ids.push(yield createContext(bad));
    });
    expect(ids).toEqual([0, 0, 0, 0, 0, 0]);
    expect(seen).toEqual([]);
  });

  test('are not made of something that is no generator, and nothing of it escapes', () => {
    const bad = [
      () => {
        throw new Error('not a generator');
      },
      () => 5,
      undefined,
    ] as never[];
    for (const procedure of bad) {
      const { stop } = supervisor(function* () {
        const context = yield createContext(yield addressOf(procedure));
        if (context !== 0) yield switchContext(context);
      });
      expect(['finished', 'crashed']).toContain(stop.kind);
    }
  });

  test('that are running, over, or not there cannot be switched to or freed', () => {
    const { seen } = supervisor(function* () {
      const self = yield csrRead('scurrent');
      yield switchContext(self);
      yield switchContext(0);
      yield switchContext(99);
      yield freeContext(self);
      yield freeContext(99);
      const freed = yield createContext(yield addressOf(nothing));
      yield freeContext(freed);
      yield switchContext(freed);
      yield freeContext(freed);
    });
    expect(seen.map(({ value }) => value)).toEqual([
      OP.switchContext,
      OP.switchContext,
      OP.switchContext,
      OP.freeContext,
      OP.freeContext,
      OP.switchContext,
      OP.freeContext,
    ]);
    expect(seen.every(({ cause }) => cause === CAUSE.illegalInstruction)).toBe(true);
  });

  test('that another hart executes cannot be switched to or freed', () => {
    const machine = new Machine(smallWith('smp', 2));
    const seen: SeenTrap[] = [];
    machine.start(0, function* run() {
      yield* noteTraps(machine, seen);
      yield switchContext(2);
      yield freeContext(2);
    });
    machine.start(1, function* other() {
      yield work(10_000);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(seen).toHaveLength(2);
  });

  test('of which a return names none, or in supervisor mode another than its own, are not returned to', () => {
    const { seen } = supervisor(function* () {
      yield csrWrite('sepc', 99);
      yield supervisorReturn();
      yield csrWrite('sepc', yield createContext(yield addressOf(nothing)));
      yield csrWrite('sstatus', SSTATUS.SPP);
      yield supervisorReturn();
    });
    expect(seen).toEqual([
      { cause: CAUSE.illegalInstruction, value: OP.supervisorReturn },
      { cause: CAUSE.illegalInstruction, value: OP.supervisorReturn },
    ]);
  });
});
