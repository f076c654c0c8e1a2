/** The short way for hits changes nothing on any memory system, with two private levels, or where not all is cached. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../../hw/config.ts';
import { csrWrite, fetchAndStore, load, satpFor, work } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { makePte, PTE } from '../../../hw/mmu/page-table.ts';
import { startRandom } from '../../properties/random-run.ts';
import { levelled, levelledShapes } from '../cache/levelled.ts';
import { effort } from '../effort.ts';
import { small } from '../machines.ts';
import { type Access, programs } from '../random-access.ts';

/** Everything that can be compared of a run. */
function outcome(config: MachineConfig, random: Access[][], prepare: (machine: Machine) => void) {
  const { machine, events, go, stop } = startRandom(config, random);
  prepare(machine);
  go();
  const { caches, state, memory } = machine;
  return {
    stop: stop(),
    events,
    counters: [...machine.counters.values],
    clocks: [...state.clock],
    lines: [...caches.line],
    states: [...caches.state],
    stamps: [...caches.stamp],
    data: [...caches.data],
    memory: memory.words.subarray(0x400, 0x600).join(),
  };
}

describe('a machine with the short way for hits equals one without', () => {
  test.each(['smp', 'cc-numa', 'dance-hall', 'ncc-numa'] as const)('on %s', (preset) => {
    const coherences = preset === 'ncc-numa' ? (['none'] as const) : (['invalidate', 'update'] as const);
    fc.assert(
      fc.property(levelledShapes(4, coherences), programs(8, 40), fc.boolean(), (shape, random, some) => {
        const nodes = preset === 'smp' ? 1 : shape.nodes;
        const config = levelled({ ...shape, preset, nodes, hartsPerCore: 1 });
        const prepare = (machine: Machine): void => {
          if (some) machine.markUncached(0x1000, 0x1040);
        };
        const [short, long] = [true, false].map((hitPath) =>
          outcome({ ...config, hitPath }, random, prepare),
        );
        expect(short).toEqual(long);
      }),
      effort(25),
    );
  });

  test('where a page was cached that without translation must not be', () => {
    const [root, table, word] = [0x4000, 0x5000, 0x2000];
    const seen = [true, false].map((hitPath) => {
      const machine = new Machine(small({ preset: 'ncc-numa', nodes: 2 }, { hitPath }));
      machine.markUncached(0, 0x8000);
      machine.poke(root, makePte(table, PTE.VALID));
      machine.poke(table + 8, makePte(word, PTE.VALID | PTE.READ));
      let late = -1;
      machine.start(0, function* () {
        yield csrWrite('satp', satpFor(root, 1));
        yield load(word);
        yield csrWrite('satp', 0);
        yield work(5000);
        late = yield load(word);
      });
      machine.start(1, function* () {
        yield work(3000);
        yield fetchAndStore(word, 7);
      });
      machine.run();
      return [late, machine.clock(0)];
    });
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.[0]).toBe(7);
  });
});
