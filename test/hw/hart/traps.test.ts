import { describe, expect, test } from 'vitest';
import {
  call,
  type Code,
  createContext,
  csrRead,
  csrWrite,
  environmentCall,
  fetchAndAdd,
  load,
  OP,
  pause,
  SSTATUS,
  store,
  supervisorReturn,
} from '../../../hw/isa/index.ts';
import { CAUSE, CAUSES, causeName, INTERRUPT_FLAG } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
import { noteTraps } from '../bare.ts';
import { small } from '../machines.ts';
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
