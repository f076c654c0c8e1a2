/** Stubs over a transport that is only a procedure call: what they copy, and what the compiler checks. */
import { describe, expect, test } from 'vitest';
import { type Code, load, MARK, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { COPY, ERROR, LIMIT } from '../../../kernel/abi/index.ts';
import {
  byReference,
  bytes,
  clientOf,
  defineInterface,
  immutable,
  implement,
  procedure,
  serverMemory,
  stackOffset,
  type Transport,
  variable,
  word,
} from '../../../userland/ipc/index.ts';
import { noSegment } from '../../../userland/ipc/transport.ts';
import { echo, Echo } from './echo.ts';

const BINDING = 0x1000;
const MESSAGE = 0x2000;
const STACK = 0x3000;
const DATA = 0x4000;
const BACK = 0x5000;

/** Calls the server in the same domain, on the same memory. */
const direct = (shared: boolean, fails = 0): Transport => ({
  name: 'direct',
  shared,
  bindingSize: () => 4,
  near: (binding) => binding,
  *bind() {
    return 0;
  },
  *take() {
    return MESSAGE;
  },
  segment: noSegment,
  *call(_binding, { index }, message) {
    if (fails !== 0) return fails;
    yield* echo.run(index, { message, shared, stack: STACK, segment: noSegment }, 0);
    return 0;
  },
  *give() {},
  *unbind() {
    return 0;
  },
  *export() {
    return 0;
  },
  *serve() {
    return 0;
  },
});

/** Runs a program; gives what it copied, as letters with the number of bytes. */
function copiesOf(program: () => Code): string {
  const machine = new Machine(presetConfig('smp', { harts: 1 }));
  const copies: string[] = [];
  const letters = Object.keys(COPY);
  machine.trace.attach({
    event: (event) => {
      if (event.kind === 'mark' && event.mark === MARK.copied) copies.push(`${letters[event.a]}${event.b}`);
    },
  });
  machine.start(0, program);
  expect(machine.run()).toEqual({ kind: 'finished' });
  return copies.join(' ');
}

describe('arguments and results', () => {
  test.each([
    [true, 'A4 A4 F4'],
    [false, 'A4 A4 E4 E4 F4'],
  ])('words travel by value (shared: %s)', (shared, copies) => {
    const stubs = clientOf(Echo, direct(shared));
    const program = function* (): Code {
      expect(yield* stubs.call.add(BINDING, { a: 40, b: 2 })).toEqual({
        kind: 'returned',
        results: { sum: 42 },
      });
    };
    expect(copiesOf(program)).toBe(copies);
  });

  test.each([
    [true, 'A200 F200'],
    [false, 'A200 E200 F200'],
  ])('blocks are copied once on memory that both see, twice otherwise (shared: %s)', (shared, copies) => {
    const stubs = clientOf(Echo, direct(shared));
    const program = function* (): Code {
      for (let offset = 0; offset < 200; offset += 4) yield store(DATA + offset, offset);
      yield* stubs.call.bigInOut(BINDING, { data: DATA }, { data: BACK });
      for (let offset = 0; offset < 200; offset += 4) expect(yield load(BACK + offset)).toBe(~offset);
      expect(yield load(BACK + 200)).toBe(0);
    };
    expect(copiesOf(program)).toBe(copies);
  });

  test('immutable blocks are copied again', () => {
    const stubs = clientOf(Echo, direct(true));
    const program = function* (): Code {
      yield store(DATA, 7);
      expect(yield* stubs.call.keep(BINDING, { data: DATA })).toMatchObject({ results: { first: 7 } });
    };
    expect(copiesOf(program)).toBe('A200 E200 F4');
  });

  test('a block by reference comes back as the server left it', () => {
    const stubs = clientOf(Echo, direct(false));
    const program = function* (): Code {
      yield store(DATA, 0x0f0f);
      yield store(DATA + 4, 0x7777_1234);
      const answer = yield* stubs.call.change(BINDING, { key: 0xffff, data: DATA });
      expect(answer).toEqual({ kind: 'returned', results: { before: 0x0f0f } });
      expect(yield load(DATA)).toBe(0xf0f0);
      // Six bytes: what lies behind them is nobody else's business.
      expect(yield load(DATA + 4)).toBe(0x7777_1234);
    };
    expect(copiesOf(program)).toBe('A4 A6 E4 F6 F4');
  });

  test('nothing is copied back after a failure', () => {
    const stubs = clientOf(Echo, direct(false, ERROR.EBADF));
    const program = function* (): Code {
      expect(yield* stubs.call.add(BINDING, { a: 1, b: 2 })).toEqual({ kind: 'failed', error: ERROR.EBADF });
    };
    expect(copiesOf(program)).toBe('A4 A4');
  });
});

describe('layout', () => {
  test('is one piece to the server and one back, which overlap in what is by reference', () => {
    const { layout } = procedure({ r: byReference(bytes(6)), a: word, b: bytes(3) }, { c: word });
    expect(layout.inputs.map(({ name, offset }) => [name, offset])).toEqual([
      ['a', 0],
      ['b', 4],
      ['r', 8],
    ]);
    expect(layout).toMatchObject({ request: 16, replyAt: 8, reply: 12, size: 20 });
  });

  test('what a message has no room for lies in a segment, a variable argument behind it', () => {
    const { layout } = procedure(
      { big: bytes(5000), a: word, b: bytes(1000), c: bytes(800), text: variable(9000) },
      { last: bytes(2000), sum: word },
    );
    expect(layout.inputs.map(({ name, offset, aside }) => [name, offset, aside])).toEqual([
      ['big', 0, true],
      ['a', 0, false],
      ['b', 4, false],
      ['c', 5000, true],
    ]);
    expect(layout.outputs.map(({ name, offset, aside }) => [name, offset, aside])).toEqual([
      ['last', 5800, true],
      ['sum', 1004, false],
    ]);
    expect(layout).toMatchObject({
      variable: { offset: 1008, room: 488 },
      request: 1012,
      reply: 4,
      aside: 7800,
    });
    expect(layout.size).toBe(LIMIT.MESSAGE);
  });

  test('one argument of variable size is enough, and a message of words has an end', () => {
    expect(() => procedure({ a: variable(4), b: variable(4) }, {})).toThrow(RangeError);
    expect(() => procedure({}, { a: variable(4) })).toThrow(RangeError);
    const words = Object.fromEntries(Array.from({ length: 376 }, (_, index) => [`w${index}`, word]));
    expect(() => procedure(words, {})).toThrow(RangeError);
  });

  test('a server thread has room for the longest message, and a stack behind it', () => {
    expect(Echo.longest).toBe(400);
    expect(stackOffset(echo)).toBe(448);
    expect(serverMemory(echo)).toBe(648);
  });

  test('sizes of blocks and names of interfaces are checked', () => {
    for (const size of [0, -1, 1.5, LIMIT.SEGMENT]) {
      expect(() => bytes(size)).toThrow(RangeError);
      expect(() => variable(size)).toThrow(RangeError);
    }
    expect(immutable(bytes(1024))).toMatchObject({ size: 1024, immutable: true });
    expect(() => defineInterface('Not a name', {})).toThrow(RangeError);
  });
});

test('the compiler knows the names of arguments and results', () => {
  const stubs = clientOf(Echo, direct(true));
  const neverRun = function* (): Code {
    // @ts-expect-error an argument is missing
    yield* stubs.call.add(BINDING, { a: 1 });
    // @ts-expect-error there is no such argument
    yield* stubs.call.add(BINDING, { a: 1, b: 2, c: 3 });
    // @ts-expect-error there is no such procedure
    yield* stubs.call.subtract(BINDING, { a: 1, b: 2 });
    // @ts-expect-error nowhere to put the result
    yield* stubs.call.bigInOut(BINDING, { data: DATA });
    const answer = yield* stubs.call.add(BINDING, { a: 1, b: 2 });
    // @ts-expect-error it may have failed
    if (answer.results.sum) return;
    // @ts-expect-error there is no such result
    if (answer.kind === 'returned' && answer.results.difference) return;
  };
  const badServer = () =>
    implement(defineInterface('one', { one: procedure({}, { x: word }) }), {
      // @ts-expect-error a result of another name
      *one() {
        return { y: 1 };
      },
    });
  const halfAServer = () =>
    implement(
      defineInterface('two', { one: procedure({}, {}), two: procedure({}, {}) }),
      // @ts-expect-error a procedure is missing
      {
        *one() {
          return {};
        },
      },
    );
  expect([neverRun, badServer, halfAServer]).toHaveLength(3);
});
