/** Random scripts for the harts of a kernel: taking blocks and freeing them, one's own and others'. */
import fc from 'fast-check';
import { type Code, work } from '../../../hw/isa/index.ts';
import type { KernelOptions } from '../../../kernel/index.ts';
import { HART, localOf } from '../../../kernel/hart-local.ts';
import { sendAllHome } from '../../../kernel/memory/batch.ts';
import { allocate, allocateGlobal, allocateLocal, free } from '../../../kernel/memory/heap.ts';
import { load } from '../../../hw/isa/index.ts';
import type { Ledger, Sharing } from './ledger.ts';
import { here, HEAP_OPTIONS } from './on-kernel.ts';

export type Deed =
  | { readonly kind: 'take'; readonly bytes: number; readonly sharing: Sharing; readonly home: number }
  | { readonly kind: 'free'; readonly which: number }
  | { readonly kind: 'work'; readonly cycles: number };

export interface Scene {
  readonly preset: string;
  readonly harts: number;
  readonly seed: number;
  readonly options: KernelOptions;
  /** Stores that each hart's buffer holds. */
  readonly storeBuffer: number;
  /** What each hart does. */
  readonly scripts: readonly (readonly Deed[])[];
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('take' as const),
      bytes: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2000 })),
      sharing: fc.constantFrom<Sharing>('padded', 'padded', 'global', 'local'),
      home: fc.nat(15),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('free' as const), which: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('work' as const), cycles: fc.integer({ min: 1, max: 300 }) }),
  },
);

/** @param longest deeds of a hart at most */
export const scenes = (longest: number, harts: readonly number[] = [1, 2, 4, 8, 16]): fc.Arbitrary<Scene> =>
  fc.constantFrom(...harts).chain((count) =>
    fc.record({
      preset: fc.constantFrom('cc-numa', 'smp', 'ncc-numa'),
      harts: fc.constant(count),
      seed: fc.integer({ min: 1, max: 1 << 20 }),
      options: fc
        .tuple(fc.constantFrom(...HEAP_OPTIONS), fc.constantFrom({}, { framesPerNode: 8 }))
        .map(([heap, frames]) => ({ ...heap, ...frames })),
      storeBuffer: fc.constantFrom(0, 4),
      scripts: fc.array(fc.array(deed, { maxLength: longest }), { minLength: count, maxLength: count }),
    }),
  );

/** Carries a script out; what was taken stays in the ledger until somebody frees it. */
export function* perform(hart: number, script: readonly Deed[], ledger: Ledger): Code {
  const local = yield* here();
  for (const each of script) {
    if (each.kind === 'work') yield work(each.cycles);
    else if (each.kind === 'free') yield* freeOne(hart, each.which, ledger);
    else yield* takeOne(local, hart, each, ledger);
  }
}

function* takeOne(local: number, hart: number, deedToDo: Deed & { kind: 'take' }, ledger: Ledger): Code {
  const { bytes, sharing, home } = deedToDo;
  const harts = yield load(local + HART.harts);
  const near = yield* localOf(local, home % harts);
  const address =
    sharing === 'local'
      ? yield* allocateLocal(bytes)
      : yield* sharing === 'global' ? allocateGlobal(near, bytes) : allocate(near, bytes);
  if (address === 0) return;
  yield* ledger.fill(ledger.enter(address, bytes, sharing, hart));
}

/** Frees a block that is this hart's to free; any but other harts' own. */
function* freeOne(hart: number, which: number, ledger: Ledger): Code {
  const mine = ledger.held.filter((block) => block.sharing !== 'local' || block.hart === hart);
  const block = mine[which % mine.length];
  if (block === undefined) return;
  ledger.leave(ledger.held.indexOf(block));
  yield* ledger.verify(block);
  yield* free(block.address);
}

/** Frees all that is this hart's, and sends what is of other nodes home. */
export function* tidyUp(hart: number, ledger: Ledger): Code {
  const isMine = (block: { readonly sharing: Sharing; readonly hart: number }): boolean =>
    block.sharing !== 'local' || block.hart === hart;
  for (let index = ledger.held.findIndex(isMine); index >= 0; index = ledger.held.findIndex(isMine)) {
    const block = ledger.leave(index);
    yield* ledger.verify(block);
    yield* free(block.address);
  }
  yield* sendAllHome(yield* here());
}
