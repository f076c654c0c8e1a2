import { describe, expect, test } from 'vitest';
import {
  addressOf,
  call,
  type Code,
  createContext,
  csrRead,
  csrWrite,
  environmentCall,
  fetchAndAdd,
  freeContext,
  load,
  OP,
  pause,
  SSTATUS,
  store,
  supervisorReturn,
  switchContext,
  work,
} from '../../../hw/isa/index.ts';
import { CAUSE, CAUSES, causeName, INTERRUPT_FLAG } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { noteTraps, runBare, type SeenTrap } from '../bare.ts';
import { small, smallWith } from '../machines.ts';
import { startKernel, type TestKernel } from '../test-kernel.ts';

const WORD = 0x1000;

function* nothing(): Code {
  yield pause();
}

/** Runs one user program under the test kernel. */
function runUser(program: () => Code<number | void>, handle: TestKernel['handle']) {
  const machine = new Machine(small());
  const ending = startKernel(machine, 0, { programs: [program], handle });
  return { machine, ending, stop: machine.run() };
}

const neverAsked: TestKernel['handle'] = () => expect.unreachable();

describe('a trap', () => {
  test('leaves the instruction pending: sret issues it again', () => {
    let tries = 0;
    const { ending } = runUser(
      function* user() {
        return yield load(WORD + 1);
      },
      function* handle() {
        return ++tries < 4 ? 'again' : { result: 5 };
      },
    );
    expect(tries).toBe(4);
    expect(ending.values).toEqual([5]);
  });

  test('tells the operation and its operands', () => {
    const told: number[] = [];
    runUser(
      function* user() {
        yield store(WORD + 1, 77);
        yield environmentCall(3, 4, 5);
      },
      function* handle() {
        told.push(
          yield csrRead('sinst'),
          yield csrRead('sop0'),
          yield csrRead('sop1'),
          yield csrRead('sop2'),
        );
        return { result: 0 };
      },
    );
    expect(told).toEqual([OP.store, WORD + 1, 77, 0, OP.environmentCall, 3, 4, 5]);
  });

  test('completes the instruction with the value of sresult, once', () => {
    const values: number[] = [];
    runUser(
      function* user() {
        values.push(yield environmentCall(1), yield fetchAndAdd(WORD, 1), yield environmentCall(2));
      },
      function* handle() {
        return { result: 40 + values.length };
      },
    );
    expect(values).toEqual([40, 0, 40]);
  });

  test('from user mode finds the previous mode and interrupt bits in sstatus', () => {
    const states: number[] = [];
    const machine = new Machine(small());
    startKernel(machine, 0, {
      programs: [
        function* user() {
          yield environmentCall(1);
        },
      ],
      *prepare() {
        yield csrWrite('sstatus', SSTATUS.SPIE);
      },
      *handle() {
        states.push(yield csrRead('sstatus'));
        return { result: 0 };
      },
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    // SIE was set by sret from SPIE, and is kept in SPIE again; SPP is clear: it came from user mode.
    expect(states).toEqual([SSTATUS.SPIE]);
  });

  test('from supervisor mode is handled on top of what was executing, which then goes on', () => {
    const order: string[] = [];
    const machine = new Machine(small());
    machine.start(0, function* run() {
      yield csrWrite(
        'stvec',
        machine.code.addressOf(function* handler() {
          order.push('handler');
          expect((yield csrRead('sstatus')) & SSTATUS.SPP).toBe(SSTATUS.SPP);
          expect(yield csrRead('sepc')).toBe(yield csrRead('scurrent'));
          yield csrWrite('sresult', 8);
          yield* call(nothing());
          yield supervisorReturn();
          expect.unreachable();
        }),
      );
      order.push('before');
      const inner = yield* call(
        (function* inner(): Code<number> {
          return (yield environmentCall(1)) + 1;
        })(),
      );
      order.push(`after ${inner}`);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(order).toEqual(['before', 'handler', 'after 9']);
  });

  test('nests: a handler in supervisor mode may trap itself, if it keeps the registers', () => {
    const machine = new Machine(small());
    const results: number[] = [];
    machine.start(0, function* run() {
      yield csrWrite(
        'stvec',
        machine.code.addressOf(function* handler() {
          const sepc = yield csrRead('sepc');
          const status = yield csrRead('sstatus');
          const depth = (yield csrRead('stval')) - 1;
          let result = depth;
          if (depth > 0) result += 10 * (yield environmentCall(depth));
          yield csrWrite('sepc', sepc);
          yield csrWrite('sstatus', status);
          yield csrWrite('sresult', result);
          yield supervisorReturn();
        }),
      );
      results.push(yield environmentCall(4), yield environmentCall(1));
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    // Each level adds its depth to ten times what the one inside gave.
    expect(results).toEqual([123, 0]);
  });

  test('inside the handler of a user trap returns to that handler, and then to the user', () => {
    const machine = new Machine(small());
    const values: number[] = [];
    let context = 0;
    machine.start(0, function* boot() {
      yield csrWrite(
        'stvec',
        machine.code.addressOf(function* handler() {
          const cause = yield csrRead('scause');
          if (cause === CAUSE.programEnded) return;
          if (cause === CAUSE.userCall) {
            const inner = yield environmentCall(50);
            yield csrWrite('sepc', context);
            yield csrWrite('sstatus', 0);
            yield csrWrite('sresult', inner + 1);
          } else {
            yield csrWrite('sresult', yield csrRead('stval'));
          }
          yield supervisorReturn();
        }),
      );
      yield csrWrite('sctx', yield csrRead('scurrent'));
      context = yield createContext(
        machine.code.addressOf(function* user() {
          values.push(yield environmentCall(1), yield environmentCall(2));
        }),
      );
      yield csrWrite('sepc', context);
      yield supervisorReturn();
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(values).toEqual([51, 51]);
  });

  test('returns to user mode from a nested handler with all supervisor frames gone', () => {
    const machine = new Machine(small());
    const values: number[] = [];
    let context = 0;
    machine.start(0, function* boot() {
      yield csrWrite(
        'stvec',
        machine.code.addressOf(function* handler() {
          const cause = yield csrRead('scause');
          if (cause === CAUSE.programEnded) return;
          if (cause === CAUSE.userCall) yield environmentCall(50);
          // The nested handler gives up the outer one.
          yield csrWrite('sepc', context);
          yield csrWrite('sstatus', 0);
          yield csrWrite('sresult', 7);
          yield supervisorReturn();
        }),
      );
      yield csrWrite('sctx', yield csrRead('scurrent'));
      context = yield createContext(
        machine.code.addressOf(function* user() {
          values.push(yield environmentCall(1), yield environmentCall(2));
        }),
      );
      yield csrWrite('sepc', context);
      yield supervisorReturn();
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(values).toEqual([7, 7]);
  });

  test('costs what the timing says, at entry and return', () => {
    const config = small({}, { skew: 1 });
    const machine = new Machine(config);
    machine.start(0, function* run() {
      yield* noteTraps(machine, []);
      const before = yield csrRead('time');
      yield environmentCall(1);
      // csrRead, entry, three instructions of the handler, return.
      expect((yield csrRead('time')) - before).toBe(1 + 2 * config.timing.trap + 3);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
  });

  test.each(CAUSES)('$name is described', ({ name, code, interrupt, summary }) => {
    expect(CAUSE[name]).toBe(interrupt ? code | INTERRUPT_FLAG : code);
    expect(causeName(CAUSE[name])).toBe(name);
    expect(summary).toMatch(/\.$/);
  });
});

describe('the machine crashes', () => {
  test('when supervisor code throws', () => {
    const { stop } = runBare([
      function* () {
        yield pause();
        throw new Error('no such luck');
      },
    ]);
    expect(stop).toMatchObject({ kind: 'crashed', hart: 0, context: 1, message: 'Error: no such luck' });
  });

  test('when it traps and no handler is set', () => {
    const { stop } = runBare([
      function* () {
        yield load(3);
      },
    ]);
    expect(stop).toMatchObject({
      kind: 'crashed',
      message: expect.stringMatching(/^loadMisaligned \(address 0x00000003\)/),
    });
  });

  test('when stvec is not code', () => {
    const { stop } = runBare([
      function* () {
        yield csrWrite('stvec', 0x1234);
        yield environmentCall(1);
      },
    ]);
    expect(stop).toMatchObject({ kind: 'crashed' });
  });

  test('when a user trap finds no context to be handled in', () => {
    for (const sctx of [0, 77]) {
      const { stop } = runBare([
        function* () {
          yield csrWrite('stvec', yield addressOf(nothing));
          yield csrWrite('sctx', sctx);
          yield csrWrite('sepc', yield createContext(yield addressOf(nothing)));
          yield supervisorReturn();
        },
      ]);
      expect(stop).toMatchObject({
        kind: 'crashed',
        message: expect.stringContaining('no context to run in'),
      });
    }
  });
});

describe('a user program', () => {
  test('that ends traps with the value that it gave', () => {
    expect(
      runUser(function* user() {
        yield pause();
        return 12;
      }, neverAsked).ending,
    ).toEqual({ values: [12], causes: [CAUSE.programEnded] });
    expect(
      runUser(function* user() {
        yield pause();
      }, neverAsked).ending.values,
    ).toEqual([0]);
  });

  test('that executes nothing ends, too', () => {
    expect(
      runUser(function* user() {
        return 3;
      }, neverAsked).ending.values,
    ).toEqual([3]);
  });

  test('that throws traps, and its exception is kept', () => {
    const error = new Error('out of cheese');
    const { machine, ending } = runUser(function* user(): Code {
      yield pause();
      throw error;
    }, neverAsked);
    expect(ending.causes).toEqual([CAUSE.programThrew]);
    expect(machine.exceptions).toMatchObject([{ hart: 0, context: 2, error }]);
  });

  test('that throws inside a called procedure traps as well', () => {
    const { ending } = runUser(function* user() {
      yield* call(
        (function* inner(): Code {
          yield pause();
          throw new Error('deep');
        })(),
      );
      return 1;
    }, neverAsked);
    expect(ending).toEqual({ values: [undefined], causes: [CAUSE.programThrew] });
  });

  test('can catch what a called procedure throws', () => {
    const { ending } = runUser(function* user() {
      try {
        yield* call(
          (function* inner(): Code {
            yield pause();
            throw new Error('deep');
          })(),
        );
      } catch {
        return yield load(WORD);
      }
      return 1;
    }, neverAsked);
    expect(ending).toEqual({ values: [0], causes: [CAUSE.programEnded] });
  });

  test.each([
    ['a generator, where yield* was meant', () => nothing(), /yield\* f\(\)/],
    ['undefined', () => undefined, /undefined, which is no instruction/],
    ['a number', () => 5, /5, which is no instruction/],
    [
      'an object that looks like an instruction',
      () => ({ op: OP.load, a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0 }),
      /no instruction/,
    ],
  ])('that yields %s is told so', (_, yielded, message) => {
    const { machine, ending } = runUser(function* user() {
      yield yielded() as never;
    }, neverAsked);
    expect(ending.causes).toEqual([CAUSE.programThrew]);
    expect(String(machine.exceptions[0]?.error)).toMatch(message);
  });

  test('that has thrown is over: going back to it traps again, and runs nothing of it', () => {
    const machine = new Machine(small());
    const causes: number[] = [];
    let more = 0;
    machine.start(0, function* boot() {
      yield csrWrite(
        'stvec',
        machine.code.addressOf(function* handler() {
          causes.push(yield csrRead('scause'));
          if (causes.length < 3) yield supervisorReturn();
        }),
      );
      yield csrWrite('sctx', yield csrRead('scurrent'));
      yield csrWrite(
        'sepc',
        yield createContext(
          machine.code.addressOf(function* user() {
            yield* call(
              (function* inner(): Code {
                yield pause();
                throw new Error('deep');
              })(),
            );
            more++;
            yield pause();
          }),
        ),
      );
      yield supervisorReturn();
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(causes[0]).toBe(CAUSE.programThrew);
    expect(
      causes.slice(1).every((cause) => cause === CAUSE.programThrew || cause === CAUSE.programEnded),
    ).toBe(true);
    expect(more).toBe(0);
  });
});

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
