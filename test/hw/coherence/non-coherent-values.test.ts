/** What random programs read on a machine without coherence, stale or not, is exactly what a naive model says. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATE } from '../../../hw/coherence/protocol.ts';
import { Machine } from '../../../hw/machine.ts';
import { levelled, type LevelledShape, levelledShapes } from '../cache/levelled.ts';
import { effort } from '../effort.ts';
import { type Access, addressOfWord, perform, programs, WORDS } from '../random-access.ts';
import { record } from '../record.ts';
import { NaiveNonCoherent } from './naive-non-coherent.ts';

/** The first two lines of the first node’s words must not be cached. */
const uncachedRange = ({ line }: LevelledShape): [number, number] => [0x1000, 0x1000 + 2 * line];

interface Seen {
  readonly hart: number;
  readonly value: number;
}

/** What each instruction gave, in the order in which they were issued, and memory at the end. */
function runMachine(shape: LevelledShape, random: Access[][], damage: (machine: Machine) => void) {
  const config = levelled({ ...shape, preset: 'ncc-numa', hartsPerCore: 1 });
  const machine = new Machine(config);
  machine.markUncached(...uncachedRange(shape));
  damage(machine);
  const { instructions } = record(machine);
  const seen: Seen[] = [];
  for (let hart = 0; hart < machine.harts; hart++) {
    machine.start(hart, function* interpreter() {
      for (const access of random[hart % random.length] ?? [])
        seen.push({ hart, value: yield* perform(access, addressOfWord(config, access.word)) });
    });
  }
  const stop = machine.run();
  const words = Array.from({ length: WORDS }, (_, word) => machine.peek(addressOfWord(config, word)));
  return { config, machine, stop, instructions, seen, words };
}

/** Sentences about what differs. */
function differences(
  shape: LevelledShape,
  random: Access[][],
  damage: (machine: Machine) => void = () => undefined,
) {
  const { config, machine, stop, instructions, seen, words } = runMachine(shape, random, damage);
  const [from, to] = uncachedRange(shape);
  const naive = new NaiveNonCoherent({
    harts: machine.harts,
    line: shape.line,
    sets: shape.sets,
    ways: shape.ways,
    lowerSets: shape.lowerSets,
    lowerWays: shape.lowerWays,
    uncached: (address) => address >= from && address < to,
  });
  const expected = instructions.map((issued) => ({ hart: issued.hart, value: naive.apply(issued) }));
  const found: string[] = stop.kind === 'finished' ? [] : [`the machine stopped: ${stop.kind}`];
  for (let hart = 0; hart < machine.harts; hart++) {
    const of = (list: readonly Seen[]): string =>
      list.flatMap((entry) => (entry.hart === hart ? entry.value : [])).join();
    if (of(seen) !== of(expected)) found.push(`hart ${hart} read ${of(seen)}, not ${of(expected)}`);
  }
  const memory = Array.from(
    { length: WORDS },
    (_, word) => naive.memory.get(addressOfWord(config, word)) ?? 0,
  );
  if (memory.join() !== words.join()) found.push(`memory is ${words.join()}, not ${memory.join()}`);
  return found;
}

test('random programs on random machines read what the model says', () => {
  fc.assert(
    fc.property(levelledShapes(4, ['none']), programs(8, 60), (shape, random) => {
      expect(differences(shape, random)).toEqual([]);
    }),
    effort(120),
  );
});

test('they really read stale values', () => {
  let stale = 0;
  for (const [shape, random] of fc.sample(fc.tuple(levelledShapes(4, ['none']), programs(8, 60)), {
    numRuns: 30,
    seed: 1,
  })) {
    // The same programs with all memory uncached: nothing can be stale there.
    const { seen } = runMachine(shape, random, () => undefined);
    const fresh = runMachine(shape, random, (machine) => machine.markUncached(0, 1 << 30));
    if (
      JSON.stringify(seen.map(({ value }) => value)) !== JSON.stringify(fresh.seen.map(({ value }) => value))
    )
      stale++;
  }
  expect(stale).toBeGreaterThan(10);
});

describe('the model finds that', () => {
  const DAMAGE: readonly [string, (machine: Machine) => void][] = [
    [
      'a flush drops what was written',
      ({ caches }) => {
        caches.copyOut = () => undefined;
      },
    ],
    [
      'copies are fresh by chance: each miss brings the others up to date',
      ({ caches }) => {
        const copyIn = caches.copyIn.bind(caches);
        caches.copyIn = (slot, words, line) => {
          copyIn(slot, words, line);
          for (let other = 0; other < caches.spare; other++)
            if (caches.line[other] === line && other !== slot) caches.copyAcross(slot, other);
        };
      },
    ],
    [
      'a line that goes down is forgotten to be dirty',
      ({ caches }) => {
        const move = caches.move.bind(caches);
        caches.move = (from, to) => {
          const state = caches.state[from] === STATE.M ? STATE.E : (caches.state[from] as number);
          move(from, to);
          caches.state[to] = state;
        };
      },
    ],
    [
      'a reservation survives what others write',
      ({ state }) => {
        state.loseReservations = () => undefined;
      },
    ],
  ];

  test.each(DAMAGE)('%s', (_, damage) => {
    const property = fc.property(levelledShapes(4, ['none']), programs(8, 60), (shape, random) => {
      return differences(shape, random, damage).length === 0;
    });
    expect(fc.check(property, { ...effort(150), endOnFailure: true }).failed).toBe(true);
  });
});
