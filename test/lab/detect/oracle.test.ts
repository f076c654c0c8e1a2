/**
 * The race detector beside a slow, clear model: happens-before as a graph of all accesses of a run, and a race wherever
 * two conflicting accesses have no path between them. On random programs by random schedules both name the same words.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Code, fetchAndAdd, load, load8, OP, store, store8 } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { Detection } from '../../../lab/detect/index.ts';

const WORDS = [0x8000, 0x8040, 0x8080, 0x80c0] as const;
const OPERATIONS = ['load', 'store', 'add', 'load8', 'store8'] as const;
const RUNS = process.env['EDDY_DEEP'] ? 3000 : 150;

interface Step {
  readonly operation: (typeof OPERATIONS)[number];
  readonly word: number;
  readonly byte: number;
}

function* perform(steps: readonly Step[]): Code {
  for (const { operation, word, byte } of steps) {
    if (operation === 'load') yield load(word);
    else if (operation === 'store') yield store(word, 1);
    else if (operation === 'add') yield fetchAndAdd(word, 1);
    else if (operation === 'load8') yield load8(word + byte);
    else yield store8(word + byte, 1);
  }
}

interface Seen {
  readonly hart: number;
  readonly word: number;
  /** Bytes of the word, one bit each. */
  readonly bytes: number;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly atomic: boolean;
}

const isPart = (op: number): boolean => op === OP.load8 || op === OP.store8;

function seen(op: number, hart: number, address: number): Seen {
  return {
    hart,
    word: address & ~3,
    bytes: isPart(op) ? 1 << (address & 3) : 15,
    reads: op !== OP.store && op !== OP.store8,
    writes: op !== OP.load && op !== OP.load8,
    atomic: op === OP.fetchAndAdd,
  };
}

const BITS = [1, 2, 4, 8] as const;

/** The words on which something races, by the graph. */
function racyWords(accesses: readonly Seen[]): Set<number> {
  const synchronizing = new Set(accesses.filter(({ atomic }) => atomic).map(({ word }) => word));
  // All accesses that come before each one.
  const before: Set<number>[] = [];
  const racy = new Set<number>();
  accesses.forEach((access, at) => {
    const mine = new Set<number>();
    const learn = (other: number): void => {
      mine.add(other);
      for (const each of before[other] as Set<number>) mine.add(each);
    };
    const earlier = accesses.slice(0, at).map((other, index) => ({ ...other, index }));
    const own = earlier.findLast(({ hart }) => hart === access.hart);
    if (own !== undefined) learn(own.index);
    const same = earlier.filter(({ word }) => word === access.word);
    if (synchronizing.has(access.word)) {
      // Of each byte: what a plain store has overwritten is not seen any more.
      for (const bit of access.reads ? BITS : []) {
        const there = same.filter(({ writes, bytes }) => writes && (bytes & access.bytes & bit) !== 0);
        const since = there.findLastIndex(({ atomic }) => !atomic);
        for (const other of there.slice(Math.max(0, since))) learn(other.index);
      }
    } else {
      const conflicting = same.filter(
        (other) =>
          other.hart !== access.hart &&
          (other.bytes & access.bytes) !== 0 &&
          (other.writes || access.writes) &&
          !mine.has(other.index),
      );
      if (conflicting.length > 0) racy.add(access.word);
      // A read that races is ordered after the writes that it saw.
      for (const bit of BITS) {
        const last = same.findLast(({ writes, bytes }) => writes && (bytes & access.bytes & bit) !== 0);
        if (access.reads && last !== undefined) learn(last.index);
      }
    }
    before.push(mine);
  });
  return racy;
}

const steps = fc.array(
  fc.record({
    operation: fc.constantFrom(...OPERATIONS),
    word: fc.constantFrom(...WORDS),
    byte: fc.constantFrom(0, 1, 3),
  }),
  { maxLength: 8 },
);

function compare(programs: readonly (readonly Step[])[], seed: number) {
  const machine = new Machine(presetConfig('smp', { harts: 3, set: { memoryPerNode: 1 << 20 } }));
  const detection = new Detection(machine, { bare: true, detectors: ['races'] });
  const accesses: Seen[] = [];
  machine.trace.attach({
    instructions: true,
    event: (event) => {
      if (event.kind === 'instruction') accesses.push(seen(event.op, event.hart, event.a));
    },
  });
  programs.forEach((each, hart) => machine.start(hart, () => perform(each)));
  machine.runArbitrated(new RandomArbiter(seed));
  const found = new Set(detection.finish(false).map(({ address }) => address));
  return { found, racy: racyWords(accesses) };
}

describe('the race detector and the graph of all accesses', () => {
  test('name the same words', () => {
    let racing = 0;
    let silent = 0;
    fc.assert(
      fc.property(fc.tuple(steps, steps, steps), fc.nat(1000), (programs, seed) => {
        const { found, racy } = compare(programs, seed);
        expect(found).toEqual(racy);
        if (racy.size > 0) racing++;
        else silent++;
      }),
      { numRuns: RUNS, seed: 7 },
    );
    // Both kinds of program have come up.
    expect(Math.min(racing, silent)).toBeGreaterThan(RUNS / 20);
  });
});
