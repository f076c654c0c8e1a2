/** An object is replaced while calls are inside: they drain, those from inside them pass, new ones wait. */
import { describe, expect, test } from 'vitest';
import { type Code, load, spinUntil, store, work } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { CLASS } from '../../../kernel/classes.ts';
import { createCounter, swapCounter, useCounter } from '../../../kernel/counters/counter-object.ts';
import { DEGREE } from '../../../kernel/objects/degree.ts';
import { GARBAGE } from '../../../kernel/objects/limbo.ts';
import { Mediator, MEDIATOR, PHASE } from '../../../kernel/objects/mediator.ts';
import { destroyObject } from '../../../kernel/objects/object.ts';
import { enterGeneration, leaveGeneration } from '../../../kernel/objects/generations.ts';
import { serveToken } from '../../../kernel/objects/token.ts';
import { tryDeref } from '../../../kernel/objects/translation-table.ts';
import { inside } from '../../../lab/experiments/framework/inside.ts';
import { bootedMachine, brokenInvariants, drainLimbo, finish } from './kernel-machine.ts';

const PARTS = CLASS.counterPartitioned;
const COPIES = CLASS.counterReplicated;

/** Words of the page that belongs to nobody: a slot of each hart, and one that says how far hart 0 is. */
const slotOf = (hart: number): number => 0x100 + 4 * hart;
const STAGE = 0x80;

function* destroyAny(local: number, ref: number): Code {
  yield* destroyObject(local, ref);
}

/** When the object is destroyed: not at all, before new calls are blocked, or while they are. */
type Destroyed = 'never' | 'forward' | 'block';

/**
 * Hart 0 begins a replacement. Hart 1 has a call counted, leaves its temporary references, so that new calls are
 * blocked, calls the object from inside its call, and ends it. Hart 2 makes a new call meanwhile.
 */
function replaceUnderCall(destroyed: Destroyed) {
  const machine = bootedMachine({ harts: 3 });
  const seen = {
    started: -1,
    again: -1,
    phase: -1,
    phaseAtDestroy: -1,
    inner: -1,
    left: -1,
    waited: -1,
    returned: -1,
    late: -1,
    value: -1,
  };
  let ref = 0;
  finish(machine, function* (local, hart) {
    if (hart === 0) ref = yield* createCounter(local, PARTS, DEGREE.shared);
  });
  function* destroy(local: number, mediator: number, when: Destroyed): Code {
    if (when !== destroyed) return;
    yield* inside(local, slotOf(0), destroyAny(local, ref));
    seen.phaseAtDestroy = yield load(mediator + MEDIATOR.phase);
  }
  finish(machine, function* (local, hart) {
    const slot = slotOf(hart);
    if (hart === 0) {
      seen.started = yield* inside(local, slot, swapCounter(local, ref, COPIES, DEGREE.hart));
      seen.again = yield* inside(local, slot, swapCounter(local, ref, PARTS, DEGREE.hart));
      const mediator = yield* tryDeref(ref);
      yield store(STAGE, 1);
      yield spinUntil(STAGE, 2);
      yield* destroy(local, mediator, 'forward');
      yield store(STAGE, 3);
      while ((yield load(mediator + MEDIATOR.phase)) !== PHASE.block) yield* serveToken(local);
      yield* destroy(local, mediator, 'block');
      yield store(STAGE, 4);
    } else if (hart === 1) {
      yield* enterGeneration(local, slot);
      yield spinUntil(STAGE, 1);
      const mediator = new Mediator(yield* tryDeref(ref));
      yield* mediator.enter(local);
      yield store(STAGE, 2);
      yield spinUntil(STAGE, 3);
      yield* leaveGeneration(local, slot);
      yield* serveToken(local);
      yield spinUntil(STAGE, 4);
      yield work(20_000);
      seen.phase = yield load(mediator.address + MEDIATOR.phase);
      yield* enterGeneration(local, slot);
      ({ error: seen.inner } = yield* useCounter(local, ref, 1));
      seen.left = machine.now();
      yield* mediator.leave(local);
      yield* leaveGeneration(local, slot);
      yield* serveToken(local);
    } else {
      yield spinUntil(STAGE, 4);
      const { error } = yield* inside(local, slot, useCounter(local, ref, 1));
      seen.waited = error;
      seen.returned = machine.now();
    }
  });
  drainLimbo(machine);
  finish(machine, function* (local, hart) {
    if (hart !== 2) return;
    const { error, value } = yield* inside(local, slotOf(hart), useCounter(local, ref, 0));
    seen.late = error;
    seen.value = value;
  });
  expect(machine.peek(GARBAGE)).toBe(0);
  expect(brokenInvariants(machine)).toEqual([]);
  return seen;
}

describe('a counter that is replaced while a hart is in a call of it', () => {
  test('blocks new calls, lets the one from inside pass, and ends with the old one', () => {
    const seen = replaceUnderCall('never');
    expect(seen).toMatchObject({ started: 0, again: ERROR.EBUSY, phase: PHASE.block, inner: 0 });
    // The new call waited for the one that was inside, and then ran on the new representative.
    expect(seen).toMatchObject({ waited: 0, late: 0, value: 2 });
    expect(seen.returned).toBeGreaterThan(seen.left);
  });

  test.each([
    ['forward', PHASE.forward],
    ['block', PHASE.block],
  ] as const)(
    'is gone afterwards if it was destroyed in phase %s, and new calls are refused at once',
    (when, phase) => {
      const seen = replaceUnderCall(when);
      expect(seen).toMatchObject({ started: 0, phase: PHASE.block, phaseAtDestroy: phase, inner: 0 });
      expect(seen).toMatchObject({ waited: ERROR.EBADF, late: ERROR.EBADF });
      expect(seen.returned).toBeLessThan(seen.left);
    },
  );
});

test('on 512 harts an object is replaced by one with as many representatives as a root has room for', () => {
  const machine = bootedMachine({
    harts: 512,
    nodes: 16,
    options: { refsPerHart: 16 },
    set: { memoryPerNode: 4 << 20, coresPerNode: 32 },
  });
  const harts = [0, 1, 255, 256, 510, 511];
  let ref = 0;
  const values: number[] = [];
  const on0 = (body: (local: number) => Code): void =>
    finish(machine, function* (local, hart) {
      if (hart === 0) yield* body(local);
    });
  const addEverywhere = (): void =>
    finish(machine, function* (local, hart) {
      if (harts.includes(hart)) yield* inside(local, slotOf(hart), useCounter(local, ref, 1));
    });
  on0(function* (local) {
    ref = yield* createCounter(local, PARTS, DEGREE.hart);
  });
  for (const [classWord, degree] of [
    [COPIES, DEGREE.hart],
    [PARTS, DEGREE.node],
    [PARTS, DEGREE.hart],
  ] as const) {
    addEverywhere();
    on0(function* (local) {
      expect(yield* inside(local, slotOf(0), swapCounter(local, ref, classWord, degree))).toBe(0);
    });
    drainLimbo(machine);
    on0(function* (local) {
      values.push((yield* inside(local, slotOf(0), useCounter(local, ref, 0))).value);
    });
  }
  expect(values).toEqual([harts.length, 2 * harts.length, 3 * harts.length]);
  on0((local) => inside(local, slotOf(0), destroyAny(local, ref)));
  drainLimbo(machine);
  expect(brokenInvariants(machine)).toEqual([]);
});
