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
      effort(6),
    );
  });
  test('do so when memory is short, too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1 << 30 }), (seed) => {
        const life = { preset: 'smp', harts: 3, seed, clients: 3, memoryPerNode: 1 << 20 };
        expect(product.whatGoesWrong(life)).toBeUndefined();
      }),
      effort(6),
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
];

const SEEDS = 30;

test.each(BUGS)('$title: found', async (bug) => {
  const { whatGoesWrong } = (await loadChanged(
    'test/kernel/ipc/lrpc/life.ts',
    bug,
  )) as unknown as typeof product;
  const found: string[] = [];
  for (let seed = 1; seed <= SEEDS && found.length === 0; seed += 1) {
    const life = { preset: 'smp', harts: 4, seed: seed * 7919, clients: 4, memoryPerNode: product.PLENTY };
    const problem = whatGoesWrong(life);
    if (problem !== undefined) found.push(problem);
  }
  expect(found).toHaveLength(1);
});
