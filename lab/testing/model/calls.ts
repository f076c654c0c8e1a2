/** The single calls of which sequences are made, with how often each is drawn. A new command gets a row here. */
import fc from 'fast-check';
import type { SystemCall } from './command.ts';
import {
  AddToCounter,
  CreateCounter,
  DestroyCounter,
  ReadCounter,
  ReplaceCounter,
} from './commands/counters.ts';
import { JoinThread, Kill, Migrate, Spawn, SpawnThread, Wait } from './commands/lives.ts';
import { FutexWait, FutexWake, Load, MapPages, ReplaceRegion, Store, Unmap } from './commands/memory.ts';
import { PLAIN, PlainCall, Print } from './commands/plain.ts';

const slots = fc.integer({ min: 0, max: 1 });
/** Places in a region near its front, near its end, and around the end of a page. */
const places = fc.oneof(
  { withCrossShrink: true },
  fc.integer({ min: 0, max: 2 }),
  fc.integer({ min: -2, max: -1 }),
  fc.integer({ min: 1023, max: 1025 }),
);
const values = fc.integer({ min: 1, max: 1000 });
/** By how many harts each representative of a counter is shared. */
const degrees = fc.integer({ min: 0, max: 2 });
const policies = fc.constantFrom(0, 1);
const mappings = fc.record({
  slot: slots,
  pages: fc.integer({ min: 1, max: 3 }),
  writable: fc.constantFrom(true, true, true, false),
  diskPage: fc.option(fc.integer({ min: 0, max: 7 }), { nil: undefined, freq: 2 }),
  fixed: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 2 }),
});

interface Weighted {
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<SystemCall>;
}

/** Most calls are about memory: what they do to each other depends on many of them. */
export function calls(agents: fc.Arbitrary<number>): readonly Weighted[] {
  const row = <Rest extends readonly unknown[]>(
    weight: number,
    rest: { readonly [Index in keyof Rest]: fc.Arbitrary<Rest[Index]> },
    make: (agent: number, ...rest: Rest) => SystemCall,
  ): Weighted => ({
    weight,
    arbitrary: fc
      .tuple(agents, fc.tuple(...(rest as unknown as fc.Arbitrary<unknown>[])))
      .map(([agent, words]) => make(agent, ...(words as unknown as Rest))),
  });
  return [
    row(6, [mappings], (...of) => new MapPages(...of)),
    row(5, [slots, fc.constantFrom(0, 0, 0, 1, -1)], (...of) => new Unmap(...of)),
    row(4, [slots, places, values], (...of) => new Store(...of)),
    row(4, [slots, places], (...of) => new Load(...of)),
    row(
      2,
      [slots, places, fc.constantFrom(0, 900), fc.constantFrom(0, 0, 1)],
      (...of) => new FutexWait(...of),
    ),
    row(2, [slots, places, fc.integer({ min: 0, max: 3 })], (...of) => new FutexWake(...of)),
    row(1, [slots, values, fc.integer({ min: -1, max: 3 })], (...of) => new SpawnThread(...of)),
    row(1, [slots], (...of) => new JoinThread(...of)),
    row(
      1,
      [slots, fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined })],
      (...of) => new Spawn(...of),
    ),
    row(1, [slots], (...of) => new Wait(...of)),
    row(1, [slots], (...of) => new Kill(...of)),
    row(1, [slots, fc.integer({ min: -1, max: 4 })], (...of) => new Migrate(...of)),
    row(1, [slots, fc.integer({ min: 0, max: 4 })], (...of) => new ReplaceRegion(...of)),
    row(3, [slots, policies, degrees], (...of) => new CreateCounter(...of)),
    row(4, [slots, fc.integer({ min: -1, max: 3 })], (...of) => new AddToCounter(...of)),
    row(4, [slots], (...of) => new ReadCounter(...of)),
    row(1, [slots, policies, degrees], (...of) => new ReplaceCounter(...of)),
    row(1, [slots], (...of) => new DestroyCounter(...of)),
    row(2, [fc.constantFrom(...Object.keys(PLAIN))], (...of) => new PlainCall(...of)),
    row(1, [fc.constantFrom('x', 'abc\n', 'a line that is longer\n')], (...of) => new Print(...of)),
  ];
}
