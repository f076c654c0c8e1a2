/** Whoever looks into a page table by software is waited for by those who take pages away. */
import { expect, test } from 'vitest';
import { loadChanged } from '../../zoo/kernel/planted.ts';
import * as product from './walked.ts';

test('a hart that copies from another address space is reached by its shootdowns', () => {
  expect(product.hartsReached()).toBe(0b11);
});

test('and is not if the walk does not enter it', async () => {
  const { hartsReached } = (await loadChanged('test/kernel/vm/walked.ts', {
    file: 'kernel/vm/walk.ts',
    edits: [
      [
        '  yield* new HartSet(hat + HAT.harts).add(yield load(local + HART.hart));\n',
        '  yield load(local + HART.hart);\n',
      ],
    ],
  })) as unknown as typeof product;
  expect(hartsReached()).toBe(0b01);
});
