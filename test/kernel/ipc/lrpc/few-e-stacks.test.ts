/** Random calls on a kernel that gives an interface few E-stacks: they are taken from A-stacks again and again, also while bindings end. */
import { expect, test } from 'vitest';
import { loadChanged } from '../../../zoo/kernel/planted.ts';
import type { whatGoesWrong } from './life.ts';

const FEW = { file: 'kernel/ipc/lrpc/layout.ts', edits: [['E_STACKS = 32', 'E_STACKS = 3']] } as const;
/** With one that both a binding and the list of free ones had, seed 26 came to grief. */
const FIRST = 24;
const SEEDS = process.env['EDDY_DEEP'] ? 60 : 4;

test('an E-stack is free, or tied to one linkage', async () => {
  const life = (await loadChanged('test/kernel/ipc/lrpc/life.ts', FEW)) as {
    whatGoesWrong: typeof whatGoesWrong;
  };
  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
    const wrong = life.whatGoesWrong({ preset: 'smp', harts: 4, seed, clients: 4, memoryPerNode: 8 << 20 });
    expect(wrong, `seed ${seed}`).toBeUndefined();
  }
}, 300_000);
