/** Elided spins are held to executed ones on every memory system, and where lines move between two levels. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../../hw/config.ts';
import {
  fetchAndAdd,
  fetchAndStore,
  load,
  spinUntil,
  spinUntilAny,
  spinUntilNot,
  store,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { levelled, levelledShapes } from '../cache/levelled.ts';
import { effort } from '../effort.ts';
import { type Shape, shapes, small } from '../machines.ts';
import { expectSame, type Start, startRounds } from './elided-or-not.ts';
import { rounds } from './spin-rounds.ts';

/** Interrupts come every so many cycles; 0 for none. */
const every = fc.constantFrom(0, 300);

describe('elided spins equal spins that are executed poll by poll', () => {
  const SYSTEMS: readonly [string, Shape['preset'], Partial<MachineConfig>][] = [
    ['a directory that updates', 'cc-numa', { coherence: 'update' }],
    ['a dance hall', 'dance-hall', {}],
    ['a dance hall that updates', 'dance-hall', { coherence: 'update' }],
    ['a dance hall with store buffers', 'dance-hall', { storeBuffer: 3 }],
    ['a directory with last-level caches', 'cc-numa', { llc: { size: 256, ways: 2 } }],
    ['a directory that updates, with store buffers', 'cc-numa', { coherence: 'update', storeBuffer: 2 }],
  ];

  test.each(SYSTEMS)('on %s', (_, preset, set) => {
    fc.assert(
      fc.property(shapes(4), rounds, every, (shape, plan, interrupts) =>
        expectSame(small({ ...shape, preset }, { skew: 8, ...set }), startRounds(plan, interrupts)),
      ),
      effort(40),
    );
  });

  test.each(['smp', 'cc-numa'] as const)('on %s with two private levels', (preset) => {
    fc.assert(
      fc.property(levelledShapes(4, ['invalidate', 'update']), rounds, every, (shape, plan, interrupts) => {
        const fitted = { ...shape, preset, nodes: preset === 'smp' ? 1 : shape.nodes };
        expectSame(levelled(fitted, { skew: 8 }), startRounds(plan, interrupts));
      }),
      effort(80),
    );
  });

  test('without coherence, on words that are not cached', () => {
    fc.assert(
      fc.property(shapes(4), rounds, every, (shape, plan, interrupts) => {
        const start: Start = (machine, see) => {
          // What the harts share lies below.
          machine.markUncached(0, 0x8000);
          startRounds(plan, interrupts)(machine, see);
        };
        expectSame(small({ ...shape, preset: 'ncc-numa' }, { skew: 8 }), start);
      }),
      effort(40),
    );
  });
});

describe('where lines move between two levels', () => {
  test('the polls of a parked hart count for what the second level lets go, too', () => {
    const chores = fc.array(fc.record({ line: fc.integer({ min: 1, max: 7 }), pause: fc.nat(4) }), {
      minLength: 10,
      maxLength: 60,
      size: 'max',
    });
    fc.assert(
      fc.property(fc.array(chores, { minLength: 3, maxLength: 3 }), fc.constantFrom(2, 4), (lists, ways) => {
        // All on one core: three bring in lines while the first is parked, and quickly, so that a line is used
        // between two polls.
        const shape = { preset: 'smp', hartsPerCore: 4, ways, sets: 1 } as const;
        const timing = { ...small().timing, memory: 1, hop: 0, linkOccupancy: 0, l2Hit: 3 };
        expectSame(small(shape, { skew: 1, l2: { size: 32, ways: 2 }, timing }), (machine, see) => {
          machine.start(0, function* spinner() {
            see(0, yield spinUntil(0x1000, 3));
          });
          for (const [index, list] of lists.entries()) {
            machine.start(index + 1, function* other() {
              for (const { line, pause } of list) {
                yield load(0x1000 + 16 * line);
                if (pause > 0) yield work(pause);
              }
              yield fetchAndAdd(0x1000, 1);
            });
          }
        });
      }),
      effort(60),
    );
  });

  test('a spin on two words of which each poll brings both up from below equals brute force', () => {
    expectSame(
      small({ preset: 'smp', coresPerNode: 2, ways: 1, sets: 1 }, { l2: { size: 32, ways: 2 } }),
      (machine, see) => {
        machine.start(0, function* spinner() {
          see(0, yield spinUntilAny(0x1000, 0, 0x1010, 0));
        });
        machine.start(1, function* other() {
          yield work(3000);
          yield store(0x1010, 1);
        });
      },
    );
  });
});

describe('a spin on a cached word of a machine without coherence', () => {
  const config = small({ preset: 'ncc-numa', nodes: 2 });

  test('sees no other core’s write: with nothing else to come, the machine stands still', () => {
    const machine = new Machine(config);
    machine.start(0, function* spinner() {
      yield spinUntilNot(0x1000, 0);
    });
    machine.start(1, function* other() {
      yield work(1000);
      yield fetchAndStore(0x1000, 1);
    });
    expect(machine.run()).toEqual({ kind: 'deadlock' });
    expect(machine.peek(0x1000)).toBe(1);
  });

  test('sees a write of its own core', () => {
    expectSame({ ...config, hartsPerCore: 2, nodes: 1 }, (machine, see) => {
      machine.start(0, function* spinner() {
        see(0, yield spinUntilNot(0x1000, 0));
      });
      machine.start(1, function* other() {
        yield work(1000);
        yield store(0x1000, 1);
      });
    });
  });
});
