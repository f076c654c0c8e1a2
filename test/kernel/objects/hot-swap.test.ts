/** An object is replaced while calls are inside: they drain, those from inside them pass, new ones wait. */
import { describe, expect, test } from 'vitest';
import { type Code, load, work } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { CLASS } from '../../../kernel/classes.ts';
import { createCounter, swapCounter, useCounter } from '../../../kernel/counters/counter-object.ts';
import { DEGREE } from '../../../kernel/objects/degree.ts';
import { enterGeneration, leaveGeneration } from '../../../kernel/objects/generations.ts';
import { GARBAGE } from '../../../kernel/objects/limbo.ts';
import { Mediator, MEDIATOR, PHASE } from '../../../kernel/objects/mediator.ts';
import { destroyObject } from '../../../kernel/objects/object.ts';
import { serveToken } from '../../../kernel/objects/token.ts';
import { tryDeref } from '../../../kernel/objects/translation-table.ts';
import { generationSlot, inside } from '../../../lab/experiments/framework/inside.ts';
import { bootedMachine, brokenInvariants, drainLimbo, finish } from './kernel-machine.ts';

const PARTS = CLASS.counterPartitioned;
const COPIES = CLASS.counterReplicated;

function* destroyAny(local: number, ref: number): Code {
  yield* destroyObject(local, ref);
}

/** What came of a replacement during which hart 1 was in a call. */
function replaceUnderCall(alsoDestroy: boolean) {
  const machine = bootedMachine({ harts: 3 });
  const slots: number[] = [];
  const seen = {
    ref: 0,
    started: 0,
    again: 0,
    phase: -1,
    inner: -1,
    waited: -1,
    inPhase: -1,
    late: -1,
    value: -1,
  };
  finish(machine, function* (local, hart) {
    slots[hart] = yield* generationSlot();
    if (hart === 0) seen.ref = yield* createCounter(local, PARTS, DEGREE.shared);
  });
  const { ref } = seen;
  finish(machine, function* (local, hart) {
    const slot = slots[hart] as number;
    if (hart === 0) {
      yield work(4000);
      seen.started = yield* inside(local, slot, swapCounter(local, ref, COPIES, DEGREE.hart));
      seen.again = yield* inside(local, slot, swapCounter(local, ref, PARTS, DEGREE.hart));
      for (let turn = 0; turn < 200; turn++) {
        yield work(200);
        if (alsoDestroy && turn === 60) yield* inside(local, slot, destroyAny(local, ref));
        yield* serveToken(local);
      }
    } else if (hart === 1) {
      yield* enterGeneration(local, slot);
      yield work(12_000);
      const mediator = new Mediator(yield* tryDeref(ref));
      yield* mediator.enter(local);
      yield* leaveGeneration(local, slot);
      yield* serveToken(local);
      yield work(20_000);
      seen.phase = yield load(mediator.address + MEDIATOR.phase);
      ({ error: seen.inner } = yield* useCounter(local, ref, 1));
      yield* mediator.leave(local);
    } else {
      yield work(25_000);
      const { error } = yield* inside(local, slot, useCounter(local, ref, 1));
      seen.waited = error;
      seen.inPhase = machine.now();
    }
  });
  drainLimbo(machine);
  finish(machine, function* (local, hart) {
    const slot = slots[hart] as number;
    if (hart !== 2) return;
    const { error, value } = yield* inside(local, slot, useCounter(local, ref, 0));
    seen.late = error;
    seen.value = value;
  });
  return { machine, seen };
}

describe('a counter that is replaced while a hart is in a call of it', () => {
  test('blocks new calls, lets the one from inside pass, and ends with the old one', () => {
    const { machine, seen } = replaceUnderCall(false);
    expect(seen).toMatchObject({ started: 0, again: ERROR.EBUSY, phase: PHASE.block, inner: 0 });
    // The new call waited for the one that was inside, and then ran on the new representative.
    expect(seen).toMatchObject({ waited: 0, late: 0, value: 2 });
    expect(seen.inPhase).toBeGreaterThan(32_000);
    expect(machine.peek(GARBAGE)).toBe(0);
    expect(brokenInvariants(machine).filter((text) => !text.startsWith('heap'))).toEqual([]);
  });

  test('is gone afterwards if it was destroyed meanwhile, and new calls are refused at once', () => {
    const { machine, seen } = replaceUnderCall(true);
    expect(seen).toMatchObject({
      started: 0,
      phase: PHASE.block,
      inner: 0,
      waited: ERROR.EBADF,
      late: ERROR.EBADF,
    });
    expect(machine.peek(GARBAGE)).toBe(0);
    expect(brokenInvariants(machine).filter((text) => !text.startsWith('heap'))).toEqual([]);
  });
});
