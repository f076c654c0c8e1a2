/**
 * Invariant 5: an A-stack is free or in exactly one linkage record, and a call returns exactly once or fails exactly once.
 * Held against random binds, calls, nested calls, terminations and exhaustion, whenever the kernel is at rest; and kernels
 * with a bug planted in them are found out by the same.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../hw/effort.ts';
import { type Change, loadChanged } from '../../../zoo/kernel/planted.ts';
import * as product from './life.ts';

describe('random calls by LRPC', () => {
  test.each([1, 2, 4, 8])('leave no A-stack, linkage or block behind, on %i harts', (harts) => {
    fc.assert(
      fc.property(
        fc.constantFrom('cc-numa', 'smp', 'firefly'),
        fc.integer({ min: 1, max: 1 << 30 }),
        fc.integer({ min: 1, max: 4 }),
        (preset, seed, clients) => {
          const life = { preset, harts, seed, clients, memoryPerNode: product.PLENTY };
          expect(product.whatGoesWrong(life)).toBeUndefined();
        },
      ),
      effort(3),
    );
  });
  test('do so when memory is short, too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1 << 30 }), (seed) => {
        const life = { preset: 'smp', harts: 3, seed, clients: 3, memoryPerNode: 1 << 20 };
        expect(product.whatGoesWrong(life)).toBeUndefined();
      }),
      effort(3),
    );
  });
});

const BUGS: readonly (Change & { readonly title: string })[] = [
  {
    title: 'I03: the end of a client does not mark its linkages, and a thread returns into a dead domain',
    file: 'kernel/ipc/lrpc/revoke.ts',
    edits: [['yield store(linkage + LINKAGE.gone, 1);', '']],
  },
  {
    title: 'the last thread of a server does not wait for guests',
    file: 'kernel/ipc/lrpc/guests.ts',
    edits: [['if (!guests) return;', 'return;']],
  },
  {
    title: 'a return does not free the linkage',
    file: 'kernel/ipc/lrpc/return.ts',
    edits: [
      [
        'yield store(linkage + LINKAGE.state, CALL.idle);',
        'yield store(linkage + LINKAGE.state, CALL.calling);',
      ],
    ],
  },
  {
    title: 'the user context of a server is not freed at the return',
    file: 'kernel/ipc/lrpc/return.ts',
    edits: [['yield freeContext(yield load(thread + THREAD.userContext));', '']],
  },
  {
    title: 'guests of a dying server are not disturbed',
    file: 'kernel/ipc/lrpc/revoke.ts',
    edits: [['    yield* lockedDisturbGuests(at);\n', '']],
  },
  {
    title: 'a binding is freed while a call on it is busy',
    file: 'kernel/ipc/lrpc/revoke.ts',
    edits: [['  if (yield* isBusy(binding)) return;\n', '']],
  },
  {
    title: 'E-stacks are lost when a binding ends',
    file: 'kernel/ipc/lrpc/revoke.ts',
    edits: [['  yield* untieStacks(binding);\n', '']],
  },
  {
    title: 'a segment stays with the server when its binding ends',
    file: 'kernel/ipc/lrpc/revoke.ts',
    edits: [
      ['    yield* unmapSegmentForServer(binding, yield load(at + LINKAGE.segment));', '    yield load(at);'],
    ],
  },
  {
    title: 'a call is claimed by a load and a store',
    file: 'kernel/ipc/lrpc/linkage.ts',
    edits: [
      [
        'const seen = yield compareAndSwap(linkage + LINKAGE.state, CALL.idle, CALL.claimed);\n    if (seen === CALL.idle) return true;',
        'const seen = yield load(linkage + LINKAGE.state);\n    if (seen !== CALL.held) yield store(linkage + LINKAGE.state, CALL.claimed);\n    if (seen !== CALL.held) return true;',
      ],
    ],
  },
  {
    title: 'a call whose time is up is not marked, and its thread comes back, too',
    file: 'kernel/ipc/lrpc/replace.ts',
    edits: [['  yield store(from + LINKAGE.gone, 1);\n', '']],
  },
];

/** Lives at most until a bug is found; with EDDY_DEEP, until two lives have found it. Two in fifteen do at least. */
const LIVES = 24;
const ENOUGH = process.env['EDDY_DEEP'] === undefined ? 1 : 2;

test.each(BUGS)('$title: found', async (bug) => {
  const { whatGoesWrong } = (await loadChanged(
    'test/kernel/ipc/lrpc/life.ts',
    bug,
  )) as unknown as typeof product;
  const found: string[] = [];
  for (let seed = 1; seed <= LIVES && found.length < ENOUGH; seed += 1) {
    const life = { preset: 'smp', harts: 4, seed: seed * 7919, clients: 4, memoryPerNode: product.PLENTY };
    const problem = whatGoesWrong(life);
    if (problem !== undefined) found.push(problem);
  }
  expect(found).toHaveLength(ENOUGH);
});
