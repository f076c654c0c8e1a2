/** The single calls of which sequences are made, with how often each is drawn. A new command gets a row here. */
import fc from 'fast-check';
import { LIMIT } from '../../../kernel/abi/index.ts';
import type { SystemCall } from './command.ts';
import {
  AddToCounter,
  CreateCounter,
  DestroyCounter,
  ReadCounter,
  ReplaceCounter,
} from './commands/counters.ts';
import { Fork } from './commands/fork.ts';
import { JoinThread, Kill, Migrate, Spawn, SpawnThread, Wait } from './commands/lives.ts';
import {
  Advise,
  FutexWait,
  FutexWake,
  Load,
  MapPages,
  Protect,
  ReplaceRegion,
  Store,
  Sync,
  Unmap,
} from './commands/memory.ts';
import {
  CreateMutex,
  CreateRwlock,
  DestroyMutex,
  DestroyRwlock,
  LeaveRwlock,
  LockMutex,
  MarkConsistent,
  TakeRwlock,
  UnlockMutex,
} from './commands/locks.ts';
import { PLAIN, PlainCall, Print } from './commands/plain.ts';
import {
  AskCaller,
  BindPort,
  CallPort,
  ClosePort,
  CreatePort,
  ReceiveFromPort,
  ReplyToCall,
} from './commands/ports.ts';
import {
  CreateBarrier,
  CreateCondition,
  CreateSemaphore,
  DestroyBarrier,
  DestroyCondition,
  DestroySemaphore,
  PostSemaphore,
  WaitBarrier,
  WaitCondition,
  WaitSemaphore,
  WakeCondition,
} from './commands/signals.ts';
import { PlaceMemory } from './commands/place-memory.ts';
import { UnmapPages } from './commands/unmap-pages.ts';

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

/** What a call is about. */
export type Area = 'memory' | 'lives' | 'counters' | 'ports' | 'synchronization' | 'plain';

interface Weighted {
  readonly area: Area;
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<SystemCall>;
}

type RowMaker = <Rest extends readonly unknown[]>(
  area: Area,
  weight: number,
  rest: { readonly [Index in keyof Rest]: fc.Arbitrary<Rest[Index]> },
  make: (agent: number, ...rest: Rest) => SystemCall,
) => Weighted;

/** For ever, for a time, not at all. */
const timeouts = fc.constantFrom(0, 0, 900, -1);

function syncRows(row: RowMaker): readonly Weighted[] {
  const sync = 'synchronization';
  const fewer = fc.constantFrom(0, -1);
  return [
    row(sync, 2, [slots], (...of) => new CreateMutex(...of)),
    row(sync, 4, [slots, timeouts], (...of) => new LockMutex(...of)),
    row(sync, 4, [slots], (...of) => new UnlockMutex(...of)),
    row(sync, 1, [slots], (...of) => new MarkConsistent(...of)),
    row(sync, 1, [slots], (...of) => new DestroyMutex(...of)),
    row(sync, 2, [slots, degrees], (...of) => new CreateRwlock(...of)),
    row(sync, 6, [slots, timeouts, fc.boolean()], (...of) => new TakeRwlock(...of)),
    row(sync, 4, [slots], (...of) => new LeaveRwlock(...of)),
    row(sync, 1, [slots], (...of) => new DestroyRwlock(...of)),
    row(sync, 1, [slots], (...of) => new CreateCondition(...of)),
    row(sync, 2, [slots, fewer], (...of) => new WaitCondition(...of)),
    row(sync, 2, [slots, fc.constantFrom(0, 1, 1)], (...of) => new WakeCondition(...of)),
    row(sync, 1, [slots], (...of) => new DestroyCondition(...of)),
    row(sync, 1, [slots, fc.integer({ min: -1, max: 2 })], (...of) => new CreateSemaphore(...of)),
    row(sync, 3, [slots, timeouts], (...of) => new WaitSemaphore(...of)),
    row(sync, 2, [slots, fc.constantFrom(0, 1, 2, LIMIT.SEMAPHORE)], (...of) => new PostSemaphore(...of)),
    row(sync, 1, [slots], (...of) => new DestroySemaphore(...of)),
    row(sync, 1, [slots, fc.integer({ min: 1, max: 3 }), degrees], (...of) => new CreateBarrier(...of)),
    row(sync, 3, [slots, fc.integer({ min: 0, max: 2 }), timeouts], (...of) => new WaitBarrier(...of)),
    row(sync, 1, [slots], (...of) => new DestroyBarrier(...of)),
  ];
}

/** Of all calls most are about memory: what they do to each other depends on many of them. */
export function calls(agents: fc.Arbitrary<number>): readonly Weighted[] {
  const row: RowMaker = (area, weight, rest, make) => ({
    area,
    weight,
    arbitrary: fc
      .tuple(agents, fc.tuple(...(rest as unknown as fc.Arbitrary<unknown>[])))
      .map(([agent, words]) =>
        (make as unknown as (agent: number, ...of: unknown[]) => SystemCall)(agent, ...words),
      ),
  });
  return [
    row('memory', 6, [mappings], (...of) => new MapPages(...of)),
    row(
      'memory',
      5,
      [slots, fc.constantFrom('all', 'all', 'all', 'first', 'last', 'beyond')],
      (...of) => new Unmap(...of),
    ),
    row('memory', 2, [slots, fc.boolean()], (...of) => new Protect(...of)),
    row('memory', 1, [slots], (...of) => new Sync(...of)),
    row('memory', 1, [slots, fc.constantFrom(0, 1)], (...of) => new Advise(...of)),
    row('memory', 4, [slots, places, values], (...of) => new Store(...of)),
    row('memory', 4, [slots, places], (...of) => new Load(...of)),
    row(
      'memory',
      2,
      [slots, places, fc.constantFrom(0, 900), fc.constantFrom(0, 0, 1)],
      (...of) => new FutexWait(...of),
    ),
    row('memory', 2, [slots, places, fc.integer({ min: 0, max: 3 })], (...of) => new FutexWake(...of)),
    row('lives', 1, [slots, values, fc.integer({ min: -1, max: 3 })], (...of) => new SpawnThread(...of)),
    row('lives', 1, [slots], (...of) => new JoinThread(...of)),
    row(
      'lives',
      1,
      [slots, fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined })],
      (...of) => new Spawn(...of),
    ),
    row('lives', 1, [slots, slots, fc.integer({ min: 0, max: 2 })], (...of) => new Fork(...of)),
    row('lives', 1, [slots], (...of) => new Wait(...of)),
    row('lives', 1, [slots], (...of) => new Kill(...of)),
    row('lives', 1, [slots, fc.integer({ min: -1, max: 4 })], (...of) => new Migrate(...of)),
    row('memory', 1, [slots, fc.integer({ min: 0, max: 4 })], (...of) => new ReplaceRegion(...of)),
    row(
      'memory',
      1,
      [slots, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 })],
      (...of) => new UnmapPages(...of),
    ),
    row('memory', 1, [slots, fc.integer({ min: 0, max: 4 })], (...of) => new PlaceMemory(...of)),
    row('counters', 3, [slots, policies, degrees], (...of) => new CreateCounter(...of)),
    row('counters', 4, [slots, fc.integer({ min: -1, max: 3 })], (...of) => new AddToCounter(...of)),
    row('counters', 4, [slots], (...of) => new ReadCounter(...of)),
    row('counters', 1, [slots, policies, degrees], (...of) => new ReplaceCounter(...of)),
    row('counters', 1, [slots], (...of) => new DestroyCounter(...of)),
    row('ports', 1, [slots, policies], (...of) => new CreatePort(...of)),
    row('ports', 2, [slots], (...of) => new BindPort(...of)),
    row('ports', 1, [slots], (...of) => new ClosePort(...of)),
    row('ports', 2, [slots, values, fc.constantFrom(0, 0, 900)], (...of) => new CallPort(...of)),
    row('ports', 2, [slots, fc.constantFrom(0, 0, 900)], (...of) => new ReceiveFromPort(...of)),
    row('ports', 2, [slots, values, fc.boolean()], (...of) => new ReplyToCall(...of)),
    row('ports', 1, [slots], (...of) => new AskCaller(...of)),
    ...syncRows(row),
    row('plain', 2, [fc.constantFrom(...Object.keys(PLAIN))], (...of) => new PlainCall(...of)),
    row('plain', 1, [fc.constantFrom('x', 'abc\n', 'a line that is longer\n')], (...of) => new Print(...of)),
  ];
}
