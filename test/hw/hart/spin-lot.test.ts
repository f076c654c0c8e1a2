/** Elided spins are held to the clocks, counters, values and caches of spins that are executed poll by poll. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DISK, DISK_COMMAND } from '../../../hw/address-map.ts';
import type { MachineConfig } from '../../../hw/config.ts';
import {
  addressOf,
  type Code,
  createContext,
  csrRead,
  csrWrite,
  load,
  satpFor,
  spinUntil,
  spinUntilAny,
  spinUntilNot,
  store,
  supervisorReturn,
  work,
} from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { makePte, PTE } from '../../../hw/mmu/page-table.ts';
import { effort } from '../effort.ts';
import { PRESET_NAMES, type Shape, shapes, small, tlbWith } from '../machines.ts';
import { expectSame, type Start, startRounds } from './elided-or-not.ts';
import { rounds } from './spin-rounds.ts';

describe.each(PRESET_NAMES)('elided spins on %s', (preset) => {
  const on = (shape: Shape) =>
    small({ ...shape, preset, nodes: preset === 'smp' ? 1 : shape.nodes }, { skew: 8 });

  test('equal spins that are executed poll by poll', () => {
    fc.assert(
      fc.property(shapes(4), rounds, (shape, plan) => expectSame(on(shape), startRounds(plan))),
      effort(120),
    );
  });

  test('equal them with sixteen harts', () => {
    const many = fc.constantFrom(
      { nodes: 4, coresPerNode: 4, hartsPerCore: 1 },
      { nodes: 2, coresPerNode: 4, hartsPerCore: 2 },
    );
    fc.assert(
      fc.property(shapes(1), many, rounds, (shape, cores, plan) => {
        const nodes = preset === 'smp' ? 1 : cores.nodes;
        const coresPerNode = (cores.nodes * cores.coresPerNode) / nodes;
        expectSame(
          small({ ...shape, preset, ...cores, nodes, coresPerNode }, { skew: 8 }),
          startRounds(plan),
        );
      }),
      effort(20),
    );
  });

  test('equal them when timer and inter-processor interrupts come in between', () => {
    fc.assert(
      fc.property(shapes(4), rounds, fc.integer({ min: 200, max: 900 }), (shape, plan, every) =>
        expectSame(on(shape), startRounds(plan, every)),
      ),
      effort(80),
    );
  });
});

describe('elided spins on other memory systems', () => {
  const VARIANTS: readonly [string, Partial<Shape>, Partial<MachineConfig>][] = [
    ['a bus that updates', { preset: 'smp', nodes: 1 }, { coherence: 'update' }],
    ['a bus with store buffers', { preset: 'smp', nodes: 1 }, { storeBuffer: 4 }],
    ['a directory with store buffers', { preset: 'cc-numa' }, { storeBuffer: 2 }],
  ];

  test.each(VARIANTS)('equal spins that are executed poll by poll: %s', (_, shape, set) => {
    fc.assert(
      fc.property(shapes(4), rounds, fc.constantFrom(0, 300), (random, plan, every) =>
        expectSame(small({ ...random, ...shape }, { skew: 8, ...set }), startRounds(plan, every)),
      ),
      effort(60),
    );
  });
});

describe('an elided spin', () => {
  test('is woken by DMA into the word', () => {
    const buffer = 0x2000;
    expectSame(small({ preset: 'smp', coresPerNode: 2 }), (machine, see) => {
      machine.disk.image[0] = 42;
      machine.start(0, function* spinner() {
        see(0, yield spinUntilNot(buffer, 0));
      });
      machine.start(1, function* reader() {
        yield store(DISK.ADDRESS, buffer);
        yield store(DISK.COUNT, 1);
        yield store(DISK.COMMAND, DISK_COMMAND.read);
      });
    });
  });

  test('does not see a value that came and went between two polls', () => {
    const word = 0x1000;
    const one =
      (delay: number): Start =>
      (machine, see) => {
        machine.start(0, function* spinner() {
          see(0, yield spinUntilNot(word, 0));
        });
        machine.start(1, function* pulse() {
          yield load(word);
          yield work(300 + delay);
          yield store(word, 1);
          yield store(word, 0);
          yield work(500);
          yield store(word, 2);
        });
      };
    for (let delay = 0; delay < 12; delay++) {
      expectSame(small({ preset: 'smp', hartsPerCore: 2 }), one(delay));
      expectSame(small({ preset: 'smp', coresPerNode: 2 }), one(delay));
    }
  });

  test('costs the host nothing while the word does not change', () => {
    const machine = new Machine(small({ preset: 'smp', coresPerNode: 2 }));
    let steps = 0;
    machine.trace.attach({
      instructions: true,
      event: ({ kind }) => void (steps += kind === 'instruction' ? 1 : 0),
    });
    machine.start(0, function* spinner() {
      yield spinUntil(0x1000, 1);
    });
    machine.start(1, function* other() {
      yield work(1_000_000);
      yield store(0x1000, 1);
    });
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect(steps).toBeLessThan(10);
    expect(machine.counters.get(0, 'spinPolls')).toBeGreaterThan(300_000);
  });

  test('of two words equals brute force where their translations drive each other out of the TLB', () => {
    const root = 0x10_000;
    const table = 0x11_000;
    for (const ways of [1, 2]) {
      expectSame(small({ preset: 'smp', coresPerNode: 2 }, { tlb: tlbWith(4, ways) }), (machine, see) => {
        machine.poke(root, makePte(table, PTE.VALID));
        const flags = PTE.VALID | PTE.READ | PTE.WRITE;
        for (let page = 0; page < 16; page++) machine.poke(table + 4 * page, makePte(0x1000 * page, flags));
        machine.start(0, function* spinner() {
          yield csrWrite('satp', satpFor(root, 1));
          see(0, yield spinUntilAny(0x1000, 0, 0x5000, 0));
        });
        machine.start(1, function* other() {
          yield work(2000);
          yield store(0x5000, 1);
        });
      });
    }
  });

  test.each(['spinUntil', 'spinUntilNot', 'spinUntilAny'] as const)(
    'by %s is left for a trap by an interrupt in user mode and gone on with',
    (kind) => {
      expectSame(small({ preset: 'smp', coresPerNode: 2 }), (machine, see) => {
        function* user(): Code {
          if (kind === 'spinUntil') see(0, yield spinUntil(0x1000, 1));
          else if (kind === 'spinUntilNot') see(0, yield spinUntilNot(0x1000, 0));
          else see(0, yield spinUntilAny(0x1100, 0, 0x1000, 0));
        }
        let ended = false;
        const handler = machine.code.addressOf(function* handler() {
          const cause = yield csrRead('scause');
          if (cause > 0) {
            ended = true;
            yield csrWrite('stimecmp', 0);
            return;
          }
          yield csrWrite('stimecmp', (yield csrRead('time')) + 100);
          yield supervisorReturn();
        });
        machine.start(0, function* boot() {
          yield csrWrite('stvec', handler);
          yield csrWrite('sctx', yield csrRead('scurrent'));
          yield csrWrite('sie', -1);
          yield csrWrite('stimecmp', (yield csrRead('time')) + 100);
          yield csrWrite('sepc', yield createContext(yield addressOf(user)));
          yield supervisorReturn();
        });
        machine.start(1, function* other() {
          yield work(1500);
          yield store(0x1000, 1);
          expect(ended).toBe(false);
        });
      });
    },
  );
});
