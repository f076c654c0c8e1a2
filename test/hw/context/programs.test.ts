import { describe, expect, test } from 'vitest';
import {
  addressOf,
  call,
  type Code,
  createContext,
  csrRead,
  csrWrite,
  environmentCall,
  load,
  OP,
  pause,
  supervisorReturn,
} from '../../../hw/isa/index.ts';
import { CAUSE } from '../../../hw/isa/trap.ts';
import { Machine } from '../../../hw/machine.ts';
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

const neverAsked: TestKernel['handle'] = () => expect.unreachable();

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

test('a supervisor trap handler that ends without sret crashes the machine', () => {
  const machine = new Machine(small());
  function* handler(): Code<number> {
    yield pause();
    return 7;
  }
  machine.start(0, function* () {
    yield csrWrite('stvec', yield addressOf(handler));
    yield environmentCall(1);
  });
  expect(machine.run()).toMatchObject({
    kind: 'crashed',
    message: expect.stringContaining('a trap handler ended without supervisorReturn'),
  });
});
