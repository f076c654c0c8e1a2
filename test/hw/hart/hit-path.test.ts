/** The short way for cache hits is held to the clocks, counters and memory of a machine without it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startRandom } from '../../properties/random-run.ts';
import { effort } from '../effort.ts';
import { shapes, small } from '../machines.ts';
import { programs } from '../random-access.ts';

test('a machine with the short way for hits equals one without', () => {
  fc.assert(
    fc.property(shapes(4), programs(8, 60), (shape, random) => {
      const [short, long] = [true, false].map((hitPath) => {
        const { machine, events, go, stop } = startRandom(
          small({ ...shape, hartsPerCore: 1 }, { hitPath }),
          random,
        );
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
      });
      expect(short).toEqual(long);
    }),
    effort(60),
  );
});
