/** What a use of an object costs: one load more than a pointer; a miss per object and hart, unless a table forgets. */
import { describe, expect, test } from 'vitest';
import { type Code, OP } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';
import { CLASS } from '../../../kernel/classes.ts';
import { counterClass, createCounter } from '../../../kernel/counters/counter-object.ts';
import { STEPS } from '../../../kernel/index.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { repsOfRoot } from '../../../kernel/inspect/objects.ts';
import { allocateRef } from '../../../kernel/objects/miss-handler-table.ts';
import { deref, forgetTranslations, tryDeref } from '../../../kernel/objects/translation-table.ts';
import { bootedMachine, brokenInvariants, finish, type KernelProgram, runOn } from './kernel-machine.ts';

const PARTS = counterClass(0) as number;

/** What is traced while a program runs on one hart. */
function traced(machine: Machine, hart: number, program: KernelProgram): TraceEvent[] {
  const events: TraceEvent[] = [];
  const detach = machine.trace.attach({ instructions: true, event: (event) => void events.push(event) });
  expect(runOn(machine, program, { harts: [hart] }).kind).toBe('finished');
  detach();
  return events;
}

const instructions = (events: readonly TraceEvent[]): number[] =>
  events.filter((event) => event.kind === 'instruction').map((event) => event.op);
const misses = (events: readonly TraceEvent[], ref: number): string[] =>
  events
    .filter((event) => event.kind === 'enter')
    .filter(({ object }) => object === ref)
    .map((event) => STEPS[event.step]?.name ?? '?')
    .filter((name) => /miss/.test(name));

/** A counter made by hart 0, of so many harts per representative. */
function makeCounter(machine: Machine, degree: number): number {
  let ref = 0;
  finish(machine, function* (local, hart) {
    if (hart === 0) ref = yield* createCounter(local, PARTS, degree);
  });
  return ref;
}

function* use(ref: number): Code {
  yield* deref(ref);
}

describe('deref', () => {
  const machine = bootedMachine({ harts: 4, nodes: 2 });
  const ref = makeCounter(machine, 1);

  test('of an object that a hart has used costs exactly one load', () => {
    traced(machine, 1, () => use(ref));
    const nothing = instructions(traced(machine, 1, function* () {}));
    const hit = instructions(traced(machine, 1, () => use(ref)));
    // The address of the table is in a register of the hart; the entry is the only access to memory.
    expect(hit.filter((op) => op !== OP.csrRead)).toEqual([
      ...nothing.filter((op) => op !== OP.csrRead),
      OP.load,
    ]);
  });

  test('misses once for each hart, by the global miss handler where the table lies elsewhere', () => {
    expect(
      misses(
        traced(machine, 3, () => use(ref)),
        ref,
      ),
    ).toEqual(['translation miss', 'global miss handler']);
    expect(
      misses(
        traced(machine, 3, () => use(ref)),
        ref,
      ),
    ).toEqual([]);
    const own = makeCounter(machine, 1);
    expect(
      misses(
        traced(machine, 0, () => use(own)),
        own,
      ),
    ).toEqual(['translation miss']);
    expect(brokenInvariants(machine)).toEqual([]);
  });

  test('misses again when the table has forgotten, and finds the same representative', () => {
    const reader = new Reader(machine);
    const before = reader.translation(3, ref);
    finish(machine, (local) => forgetTranslations(local, 0));
    expect(reader.translation(3, ref)).toBe(0);
    expect(
      misses(
        traced(machine, 3, () => use(ref)),
        ref,
      ),
    ).toEqual(['translation miss', 'global miss handler']);
    expect(reader.translation(3, ref)).toBe(before);
    expect(brokenInvariants(machine)).toEqual([]);
  });

  test('of what is no object gives 0, and with `deref` a panic', () => {
    const found: number[] = [];
    finish(machine, function* (_local, hart) {
      if (hart === 0) for (const bad of [0, 4 * 63, 4 * 40]) found.push(yield* tryDeref(bad));
    });
    expect(found).toEqual([0, 0, 0]);
    const stop = runOn(machine, () => deref(4 * 40), { harts: [0] });
    expect(stop).toMatchObject({ kind: 'panic' });
  });
});

describe('the degree of clustering', () => {
  test.each([
    ['shared', 0, 1],
    ['per node', -1, 2],
    ['per group of 3', 3, 3],
    ['per hart', 1, 8],
  ])(
    '%s: as many representatives as it says, each in the memory of a hart that missed',
    (_, degree, count) => {
      const machine = bootedMachine({ harts: 8, nodes: 2 });
      const ref = makeCounter(machine, degree);
      finish(machine, function* () {
        yield* deref(ref);
      });
      const reader = new Reader(machine);
      const reps = repsOfRoot(reader, reader.rootOf(ref));
      expect(reps.length).toBe(count);
      for (const rep of reps) expect(reader.word(rep)).toBe(CLASS.counterPartitioned);
      const nodeOf = (address: number): number => Math.floor(address / machine.config.memoryPerNode);
      if (count > 1)
        for (let hart = 0; hart < 8; hart++)
          if (degree !== 3) expect(nodeOf(reader.translation(hart, ref))).toBe(machine.nodeOf(hart));
      expect(brokenInvariants(machine)).toEqual([]);
    },
  );
});

test('references come from the hart’s own range, without a word that another hart writes', () => {
  const machine = bootedMachine({ harts: 4 });
  const refs: number[] = [];
  finish(machine, function* (local, hart) {
    refs[hart] = yield* allocateRef(local);
  });
  expect(refs.map((ref) => Math.floor((ref >>> 2) / 64))).toEqual([0, 1, 2, 3]);
});
