/** The counting lock: in every execution the thing exists while it is used, and exactly one destroys it. */
import { describe, expect, test } from 'vitest';
import { type Code, fetchAndAdd, load, panic } from '../../../hw/isa/index.ts';
import { closeCounted, enterCounted, leaveCounted } from '../../../kernel/locks/counted.ts';
import { PANIC } from '../../../kernel/panics.ts';
import { everyExecution } from '../../../lab/explore/every-execution.ts';
import { onHarts, word } from './on-harts.ts';

const COUNT = word(0);
const DESTROYED = word(1);
const USED_WHEN_GONE = 99;

function* destroy(): Code {
  yield fetchAndAdd(DESTROYED, 1);
}

function* use(times: number, enter = enterCounted, leave = leaveCounted): Code {
  for (let time = 0; time < times; time++) {
    if (!(yield* enter(COUNT))) return;
    if ((yield load(DESTROYED)) !== 0) yield panic(USED_WHEN_GONE);
    if (yield* leave(COUNT)) yield* destroy();
  }
}

function* close(): Code {
  if (yield* closeCounted(COUNT)) yield* destroy();
}

/** How the executions end: how often the thing was destroyed, or the panic. */
function ends(programs: readonly (() => Code)[]): string[] {
  const found = new Set<string>();
  const { exhausted } = everyExecution(
    () => onHarts(programs),
    (machine, stop) =>
      void found.add(
        stop.kind === 'panic' ? `panic ${stop.code}` : `${stop.kind}, ${machine.peek(DESTROYED)}`,
      ),
  );
  expect(exhausted).toBe(true);
  return [...found];
}

test('a user and a destroyer', () => {
  expect(ends([() => use(2), close])).toEqual(['finished, 1']);
});

test('two users and a destroyer', () => {
  expect(ends([() => use(1), () => use(1), close])).toEqual(['finished, 1']);
});

describe('broken forms are caught:', () => {
  test('a user that looks, then counts itself in', () => {
    function* enter(count: number): Code<boolean> {
      if ((yield load(count)) < 0 || (yield load(count)) >= 1 << 30) return false;
      yield fetchAndAdd(count, 1);
      return true;
    }
    expect(ends([() => use(1, enter), close])).toContain(`panic ${USED_WHEN_GONE}`);
  });

  test('a user that leaves, then looks whether it was the last', () => {
    function* leave(count: number): Code<boolean> {
      yield fetchAndAdd(count, -1);
      return (yield load(count)) === 1 << 30;
    }
    expect(ends([() => use(1, enterCounted, leave), close])).toContain('finished, 2');
  });
});

describe('is named at once:', () => {
  function* leavesTwice(): Code {
    yield* enterCounted(COUNT);
    yield* leaveCounted(COUNT);
    yield* leaveCounted(COUNT);
  }
  function* closesTwice(): Code {
    yield* enterCounted(COUNT);
    yield* closeCounted(COUNT);
    yield* closeCounted(COUNT);
  }
  test('a count that falls below zero', () => {
    expect(ends([leavesTwice])).toEqual([`panic ${PANIC.negativeCount}`]);
  });
  test('a second destruction', () => {
    expect(ends([closesTwice])).toEqual([`panic ${PANIC.destroyedTwice}`]);
  });
});
